//! The port to the store of the audit log and to the security log as a search reads it.

use std::collections::BTreeSet;

use domain::id::{AccountId, DeviceId, EntityId, SessionId, SpaceId, TransactionId};
use serde_json::Value;
use uuid::Uuid;

use super::cursor::EventKey;
use super::filter::Filter;
use super::line::Line;
use crate::fault::Fault;
use crate::identity::Actor;

/// A line of the audit log, with what it shares with the other lines of its event.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEvent {
    /// In which space.
    pub space: SpaceId,
    /// At which position.
    pub position: i64,
    /// When the server recorded it, Unix ms.
    pub recorded_at: i64,
    /// When the user acted, by the device's clock as far as that was believed, Unix ms.
    pub at: i64,
    /// In which transaction.
    pub transaction: TransactionId,
    /// Kind of entity, by name.
    pub entity: String,
    /// Which entity.
    pub id: EntityId,
    /// The entity's version after it.
    pub version: i64,
    /// Type of event.
    pub event: String,
    /// Which account wrote.
    pub actor: Option<AccountId>,
    /// As what.
    pub role: String,
    /// From which device.
    pub device: DeviceId,
    /// In which session.
    pub session: Option<SessionId>,
    /// From which network.
    pub network: Option<String>,
    /// The position of the event that it followed from.
    pub cause: Option<i64>,
    /// What it says.
    pub line: Line,
}

/// An entry of the security log.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityEntry {
    /// Which, ordered by time.
    pub id: Uuid,
    /// Whom it is about.
    pub account: Option<AccountId>,
    /// When, Unix ms.
    pub at: i64,
    /// What.
    pub act: String,
    /// Which account did it, if it was not the one that it is about.
    pub actor: Option<AccountId>,
    /// As what.
    pub role: Option<String>,
    /// In which session.
    pub session: Option<SessionId>,
    /// From or about which device.
    pub device: Option<DeviceId>,
    /// From which network.
    pub network: Option<String>,
    /// What else there is to say.
    pub about: Value,
}

/// What was found in a stretch of a log, and where the next one begins; nowhere behind the oldest.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch<T, K> {
    /// What was found, the newest first.
    pub rows: Vec<T>,
    /// The last that was looked at.
    pub next: Option<K>,
}

impl<T, K> Default for Stretch<T, K> {
    fn default() -> Self {
        Self { rows: Vec::new(), next: None }
    }
}

/// Whether the audit log has caught up with a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// It has all that the space had when it was asked.
    ToHead,
    /// There is more than a request can wait for.
    Behind,
    /// There is no such account and no such space.
    Unknown,
}

/// A look of staff, over as many pages as it takes.
#[derive(Clone, Debug)]
pub struct LookAt {
    /// Who looks.
    pub by: Actor,
    /// Those who have been told of it.
    pub noted: BTreeSet<AccountId>,
}

impl LookAt {
    /// A look that begins.
    pub fn begun(by: Actor) -> Self {
        Self { by, noted: BTreeSet::new() }
    }
}

/// The store.
pub trait AuditLog: Sync {
    /// Reads a space on until the audit log has all of it.
    fn bring(&self, space: SpaceId) -> impl Future<Output = Result<Brought, Fault>> + Send;

    /// The next lines behind a place, `rows` at most, looking at a bounded number.
    fn events(
        &self,
        filter: &Filter,
        after: Option<&EventKey>,
        rows: usize,
    ) -> impl Future<Output = Result<Stretch<AuditEvent, EventKey>, Fault>> + Send;

    /// The same of the security log.
    fn security(
        &self,
        filter: &Filter,
        after: Option<Uuid>,
        rows: usize,
    ) -> impl Future<Output = Result<Stretch<SecurityEntry, Uuid>, Fault>> + Send;

    /// Notes that somebody looked at what these accounts wrote; they can read it.
    fn looked(
        &self,
        look: &LookAt,
        accounts: &[AccountId],
        about: &Value,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}
