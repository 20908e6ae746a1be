//! Backups that were made or tried, and whose turn it is to make them.

use application::fault::Fault;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::super::fault::{read, write};

/// How long the turn is kept without a word, ms.
const LEASE_MS: i64 = 90_000;
/// One that is further ahead was taken by a clock that was set back since: it is nobody's. Clocks of nodes are a little apart.
const LEASE_MS_MAX: i64 = 2 * LEASE_MS;

/// Why a backup is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It was time.
    Schedule,
    /// An admin asked.
    Admin,
    /// By the command line.
    Command,
}

/// A backup that was made or tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which attempt.
    pub id: Uuid,
    /// The name of the backup; none: there is none yet.
    pub name: Option<String>,
    /// `schedule`, `admin` or `command`.
    pub cause: String,
    /// When it was begun, ms.
    pub began_at: i64,
    /// When it ended, ms.
    pub ended_at: Option<i64>,
    /// Spaces that it has lines of.
    pub spaces: Option<i64>,
    /// Events that it has.
    pub events: Option<i64>,
    /// Bytes of its files.
    pub bytes: Option<i64>,
    /// Why there is none.
    pub fault: Option<String>,
}

impl Cause {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Admin => "admin",
            Self::Command => "command",
        }
    }
}

/// An attempt begins.
///
/// # Errors
/// The database failed.
pub async fn begin(client: &impl GenericClient, id: Uuid, cause: Cause, now_ms: i64) -> Result<(), Fault> {
    let sql = include_str!("../sql/backup/begin.sql");
    client.execute(sql, &[&id, &cause.name(), &now_ms]).await.map(drop).map_err(|error| write(&error))
}

/// It ended as this says.
///
/// # Errors
/// The database failed.
pub async fn end(client: &impl GenericClient, run: &Run) -> Result<(), Fault> {
    let Run { id, name, ended_at, spaces, events, bytes, fault, .. } = run;
    let sql = include_str!("../sql/backup/end.sql");
    let ended = client.execute(sql, &[id, ended_at, name, spaces, events, bytes, fault]).await;
    ended.map(drop).map_err(|error| write(&error))
}

/// The newest, whatever came of them.
///
/// # Errors
/// The database failed.
pub async fn newest(client: &impl GenericClient, rows_max: i64) -> Result<Vec<Run>, Fault> {
    let rows = client.query(include_str!("../sql/backup/newest.sql"), &[&rows_max]).await;
    Ok(rows.map_err(|error| read(&error))?.iter().map(run).collect())
}

/// The newest that is whole.
///
/// # Errors
/// The database failed.
pub async fn last_whole(client: &impl GenericClient) -> Result<Option<Run>, Fault> {
    let row = client.query_opt(include_str!("../sql/backup/last_whole.sql"), &[]).await;
    Ok(row.map_err(|error| read(&error))?.as_ref().map(run))
}

/// Forgets those that were begun before a moment.
///
/// # Errors
/// The database failed.
pub async fn forget(client: &impl GenericClient, before_ms: i64) -> Result<(), Fault> {
    let sql = include_str!("../sql/backup/forget.sql");
    client.execute(sql, &[&before_ms]).await.map(drop).map_err(|error| write(&error))
}

/// Takes the turn for a while, or keeps it; whether it is the holder's.
///
/// # Errors
/// The database failed.
pub async fn take_lease(client: &impl GenericClient, holder: Uuid, now_ms: i64) -> Result<bool, Fault> {
    let sql = include_str!("../sql/backup/take_lease.sql");
    let (until, furthest) = (now_ms + LEASE_MS, now_ms + LEASE_MS_MAX);
    let taken = client.query_opt(sql, &[&holder, &until, &now_ms, &furthest]).await;
    Ok(taken.map_err(|error| write(&error))?.is_some())
}

/// Gives the turn back.
///
/// # Errors
/// The database failed.
pub async fn leave_lease(client: &impl GenericClient, holder: Uuid) -> Result<(), Fault> {
    let sql = include_str!("../sql/backup/leave_lease.sql");
    client.execute(sql, &[&holder]).await.map(drop).map_err(|error| write(&error))
}

/// Whether somebody has the turn.
///
/// # Errors
/// The database failed.
pub async fn is_leased(client: &impl GenericClient, now_ms: i64) -> Result<bool, Fault> {
    let row = client.query_one(include_str!("../sql/backup/lease.sql"), &[&now_ms, &(now_ms + LEASE_MS_MAX)]).await;
    Ok(row.map_err(|error| read(&error))?.get("is_taken"))
}

fn run(row: &Row) -> Run {
    Run {
        id: row.get("backup_id"),
        name: row.get("name"),
        cause: row.get("cause"),
        began_at: row.get("began_at"),
        ended_at: row.get("ended_at"),
        spaces: row.get("spaces"),
        events: row.get("events"),
        bytes: row.get("bytes"),
        fault: row.get("fault"),
    }
}
