//! What happened to an account, told to the account itself: its sign-ins and devices, and who of support or
//! administration looked or acted.

use domain::id::{AccountId, DeviceId, SessionId};
use serde_json::Value;
use uuid::Uuid;

use super::failure::Failure;
use super::ports::Ports;
use crate::fault::Fault;

/// An entry of the security log, without the id of anybody else.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedEntry {
    /// Its place in the log: greater is newer.
    pub id: Uuid,
    /// When, ms.
    pub at: i64,
    /// What, as it is stored: a newer node may know more acts than this one.
    pub act: String,
    /// By whom.
    pub by: LoggedBy,
    /// From or about which device.
    pub device: Option<DeviceId>,
    /// In which session.
    pub session: Option<SessionId>,
    /// From where.
    pub network: Option<String>,
    /// What else there is to say.
    pub about: Value,
}

/// By whom something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoggedBy {
    /// The account itself, or somebody who claimed to be it.
    Oneself,
    /// Somebody of support.
    Support,
    /// An admin.
    Admin,
    /// The server's operator, or the server by itself.
    Operator,
}

impl LoggedBy {
    /// The name that is stored and sent; none for the account itself.
    pub const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Oneself => None,
            Self::Support => Some("support"),
            Self::Admin => Some("admin"),
            Self::Operator => Some("operator"),
        }
    }

    /// Who is stored under a name; what this program does not know was not the account.
    pub fn from_name(name: Option<&str>) -> Self {
        let known = [Self::Oneself, Self::Support, Self::Admin];
        known.into_iter().find(|by| by.as_str() == name).unwrap_or(Self::Operator)
    }
}

/// A page of the log, the newest first.
pub struct AccessPage {
    /// The entries.
    pub entries: Vec<LoggedEntry>,
    /// Whether there are older ones.
    pub more: bool,
}

/// The port to the log, for reading.
pub trait AccessLog {
    /// The newest entries about an account, at most so many, older than `before` when that is given.
    fn entries(
        &self,
        account: AccountId,
        before: Option<Uuid>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<LoggedEntry>, Fault>> + Send;
}

/// A page of what happened to the account. Of staff it says that they acted and what they did, never who they are or from
/// where: their sessions and devices are none of the account's.
pub async fn access_log<P: Ports>(
    ports: &P,
    account: AccountId,
    before: Option<Uuid>,
    limit: usize,
) -> Result<AccessPage, Failure> {
    let mut entries = ports.directory().entries(account, before, limit + 1).await?;
    let more = entries.len() > limit;
    entries.truncate(limit);
    Ok(AccessPage { entries: entries.into_iter().map(without_staff).collect(), more })
}

fn without_staff(entry: LoggedEntry) -> LoggedEntry {
    match entry.by {
        LoggedBy::Oneself | LoggedBy::Operator => entry,
        LoggedBy::Support | LoggedBy::Admin => LoggedEntry { device: None, session: None, network: None, ..entry },
    }
}
