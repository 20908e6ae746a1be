//! Walks over the logs, as rows: begun, seen, stopped.

use application::fault::Fault;
use domain::id::SpaceId;
use thiserror::Error;
use tokio_postgres::Client;
use uuid::Uuid;

use super::super::fault::{read, write};
use super::super::rebuild::totals;
use super::space::is_being_erased;
use crate::clock::{now_ms, uuid_v7};

/// Ended walks that are remembered.
const REMEMBERED: i64 = 50;
/// Walks that are looked at for work.
const UNDER_WAY_MAX: i64 = 16;

/// Who began a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BegunBy {
    /// Its time had come.
    Schedule,
    /// An admin, over HTTP.
    Admin,
    /// The command line.
    Operator,
}

/// Why no walk was begun.
#[derive(Debug, Error)]
pub enum RunError {
    /// One over the same is under way.
    #[error("a verify of the same is under way ({0})")]
    UnderWay(Uuid),
    /// There is no such space.
    #[error("there is no space {0}")]
    NoSpace(SpaceId),
    /// The space goes with its account.
    #[error("space {0} is being erased; there is nothing to verify")]
    Erased(SpaceId),
    /// A newer program builds the rows of this database.
    #[error("the projection {0} is built by a newer program")]
    Newer(&'static str),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A walk as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which.
    pub id: Uuid,
    /// The only space; none: all.
    pub space: Option<SpaceId>,
    /// `schedule`, `admin` or `operator`.
    pub begun_by: String,
    /// When, ms.
    pub begun_at: i64,
    /// When it ended, ms.
    pub ended_at: Option<i64>,
    /// `done` or `stopped`.
    pub outcome: Option<String>,
    /// Spaces in all, as counted at the start.
    pub spaces_total: i64,
    /// Events in all, as counted at the start.
    pub events_total: i64,
    /// Spaces that are done.
    pub spaces: i64,
    /// Events that were read.
    pub events: i64,
    /// Rows that were compared.
    pub rows: i64,
    /// What was found.
    pub findings: i64,
}

impl Run {
    /// How long it will go on, ms, if it goes on as it went.
    pub fn left_ms(&self, now_ms: i64) -> Option<i64> {
        let left = self.events_total.saturating_sub(self.events).max(0);
        let took = now_ms.saturating_sub(self.begun_at).max(0);
        (self.ended_at.is_none() && self.events > 0).then(|| (took as f64 * left as f64 / self.events as f64) as i64)
    }
}

/// Begins a walk over one space or over all.
///
/// # Errors
/// One is under way, the space is unknown or goes, or the database failed.
pub async fn begin(client: &Client, space: Option<SpaceId>, by: BegunBy) -> Result<Uuid, RunError> {
    if let Some(space) = space {
        must_be_there(client, space).await?;
    }
    let total = totals(client, space).await?;
    let (spaces, events) = (total.spaces_total.cast_signed(), total.events_total.cast_signed());
    let (id, only, now) = (uuid_v7(), space.map(|space| space.0), now_ms());
    let begin = include_str!("../sql/verify/begin_run.sql");
    let begun = client.query_opt(begin, &[&id, &only, &by.as_str(), &now, &spaces, &events]).await;
    if begun.map_err(|error| write(&error))?.is_none() {
        // If it has ended just now, the next attempt begins one.
        return Err(RunError::UnderWay(under_way(client, space).await?.unwrap_or_default()));
    }
    let forget = include_str!("../sql/verify/forget_runs.sql");
    client.execute(forget, &[&REMEMBERED]).await.map_err(|error| write(&error))?;
    Ok(id)
}

/// Says so, if there is no such space, or soon none.
pub(super) async fn must_be_there(client: &Client, space: SpaceId) -> Result<(), RunError> {
    if is_being_erased(client, space).await? {
        return Err(RunError::Erased(space));
    }
    let head = client.query_opt(include_str!("../sql/rebuild/head.sql"), &[&space.0]).await;
    head.map_err(|error| read(&error))?.map(drop).ok_or(RunError::NoSpace(space))
}

/// The walk over this space, or over all, that has not ended.
///
/// # Errors
/// The database failed.
pub async fn under_way(client: &Client, space: Option<SpaceId>) -> Result<Option<Uuid>, Fault> {
    let only = space.map(|space| space.0);
    let row = client.query_opt(include_str!("../sql/verify/under_way.sql"), &[&only]).await;
    Ok(row.map_err(|error| read(&error))?.map(|row| row.get("run_id")))
}

/// The walks that have not ended, those over one space first.
///
/// # Errors
/// The database failed.
pub async fn all_under_way(client: &Client) -> Result<Vec<Uuid>, Fault> {
    let rows = client.query(include_str!("../sql/verify/next_run.sql"), &[&UNDER_WAY_MAX]).await;
    Ok(rows.map_err(|error| read(&error))?.iter().map(|row| row.get("run_id")).collect())
}

/// The walk that began last.
///
/// # Errors
/// The database failed.
pub async fn newest(client: &Client) -> Result<Option<Uuid>, Fault> {
    let row = client.query_opt(include_str!("../sql/verify/newest_run.sql"), &[]).await;
    Ok(row.map_err(|error| read(&error))?.map(|row| row.get("run_id")))
}

/// When a walk over all spaces last began, ms.
///
/// # Errors
/// The database failed.
pub async fn last_walk_at(client: &Client) -> Result<Option<i64>, Fault> {
    let row = client.query_one(include_str!("../sql/verify/last_walk.sql"), &[]).await;
    Ok(row.map_err(|error| read(&error))?.get("begun_at"))
}

/// A walk as it stands; none when it is forgotten.
///
/// # Errors
/// The database failed.
pub async fn run(client: &Client, id: Uuid) -> Result<Option<Run>, Fault> {
    let row = client.query_opt(include_str!("../sql/verify/run.sql"), &[&id]).await.map_err(|error| read(&error))?;
    Ok(row.map(|row| Run {
        id: row.get("run_id"),
        space: row.get::<_, Option<Uuid>>("space_id").map(SpaceId),
        begun_by: row.get("begun_by"),
        begun_at: row.get("begun_at"),
        ended_at: row.get("ended_at"),
        outcome: row.get("outcome"),
        spaces_total: row.get("spaces_total"),
        events_total: row.get("events_total"),
        spaces: row.get("spaces"),
        events: row.get("events"),
        rows: row.get("rows"),
        findings: row.get("findings"),
    }))
}

/// Ends a walk before its end; whoever is at it hears of it within about a second. False when it had ended.
///
/// # Errors
/// The database failed.
pub async fn stop(client: &Client, id: Uuid) -> Result<bool, Fault> {
    let stopped = client.query_opt(include_str!("../sql/verify/stop_run.sql"), &[&id, &now_ms()]).await;
    let stopped = stopped.map_err(|error| write(&error))?.is_some();
    let drop_stretches = include_str!("../sql/verify/drop_stretches.sql");
    client.execute(drop_stretches, &[&id]).await.map_err(|error| write(&error))?;
    Ok(stopped)
}

/// Ends a walk of which nothing is left to do; whether this call did.
pub(super) async fn end(client: &Client, id: Uuid) -> Result<bool, Fault> {
    let ended = client.query_opt(include_str!("../sql/verify/end_run.sql"), &[&id, &now_ms()]).await;
    Ok(ended.map_err(|error| write(&error))?.is_some())
}

impl BegunBy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Admin => "admin",
            Self::Operator => "operator",
        }
    }
}
