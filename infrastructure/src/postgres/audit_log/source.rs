//! Where the rows of a search come from: what bounds the walk.

use application::audit::Filter;
use application::fault::Fault;
use uuid::Uuid;

use super::super::fault::read;
use super::PostgresAudit;

/// Spaces with one id that are walked side by side. An id that more of them have is none that anybody looks for (the server's own
/// device), or one that strangers share on purpose: then everything is walked, by the time.
const HOLDERS_MAX: usize = 10;

/// Where rows come from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// No space has any.
    Nowhere,
    /// One space.
    Space(Uuid),
    /// A few.
    Spaces(Vec<Uuid>),
    /// All.
    Everywhere,
}

/// The ids that are asked for, by the columns that an index begins with; the first one drives.
pub(super) fn ids(filter: &Filter) -> Vec<(&'static str, Uuid)> {
    let ids = [
        ("transaction_id", filter.transaction.map(|id| id.0)),
        ("entity_id", filter.id.map(|id| id.0)),
        ("session_id", filter.session.map(|id| id.0)),
        ("device_id", filter.device.map(|id| id.0)),
    ];
    ids.into_iter().filter_map(|(column, id)| Some((column, id?))).collect()
}

impl Source {
    /// The spaces that a search has to look at.
    pub(super) async fn of(log: &PostgresAudit, filter: &Filter) -> Result<Self, Fault> {
        match (filter.account, ids(filter).first()) {
            (Some(account), _) => Ok(Self::Space(account.0)),
            (None, Some((column, id))) => Ok(Self::with(holders(log, column, *id).await?)),
            (None, None) => Ok(Self::Everywhere),
        }
    }

    fn with(mut holders: Vec<Uuid>) -> Self {
        match holders.len() {
            0 => Self::Nowhere,
            1 => holders.pop().map_or(Self::Nowhere, Self::Space),
            2..=HOLDERS_MAX => Self::Spaces(holders),
            _ => Self::Everywhere,
        }
    }
}

/// Which spaces have rows with this id, one more at most than are walked side by side.
async fn holders(log: &PostgresAudit, column: &str, id: Uuid) -> Result<Vec<Uuid>, Fault> {
    let sql = include_str!("../sql/audit_log/holders.sql").replace("{column}", column);
    let rows =
        log.client().await?.query(&sql, &[&id, &(HOLDERS_MAX as i64 + 1)]).await.map_err(|error| read(&error))?;
    rows.iter().map(|row| row.try_get("space_id")).collect::<Result<_, _>>().map_err(|error| read(&error))
}
