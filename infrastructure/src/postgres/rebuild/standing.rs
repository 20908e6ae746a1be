//! How rebuilds stand: rows that outlive the process, for whoever asks or goes on.

use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::SpaceId;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::super::fault::{no_connection, read};
use super::differences::{self, Kept};

/// Whether a rebuild goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It runs, or will as soon as a process takes it up.
    Running,
    /// It waits to be resumed.
    Paused,
    /// It was cancelled, and its shadow tables are on their way out.
    Cancelling,
    /// It was cancelled. What it had switched stays.
    Cancelled,
    /// It went over everything.
    Finished,
}

impl State {
    const ALL: [Self; 5] = [Self::Running, Self::Paused, Self::Cancelling, Self::Cancelled, Self::Finished];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Finished => "finished",
        }
    }

    /// Whether nothing more will come of it.
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Cancelled | Self::Finished)
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A rebuild as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub id: Uuid,
    /// The one space that it is of.
    pub space: Option<SpaceId>,
    /// The projections that it is of.
    pub projections: Vec<String>,
    /// The version of each one's fold.
    pub fold_versions: Vec<i64>,
    /// Whether it only compares.
    pub check: bool,
    /// Spaces that are worked at side by side.
    pub workers: i32,
    /// `asked`, or `fold`: rows were older than the program's fold.
    pub cause: String,
    /// Whether it goes on.
    pub state: State,
    /// Why it was paused.
    pub reason: Option<String>,
    /// When it began, ms.
    pub began_at: i64,
    /// When it last gave a sign of life, ms.
    pub changed_at: i64,
    /// When it ended, ms.
    pub ended_at: Option<i64>,
    /// Spaces as counted at the start.
    pub spaces_total: i64,
    /// Events as counted at the start.
    pub events_total: i64,
    /// Spaces that are done.
    pub spaces: i64,
    /// Events that were folded.
    pub events: i64,
    /// Rows that were compared.
    pub rows: i64,
    /// Rows that differed; each was switched, unless it only compares.
    pub differences: i64,
    /// Spaces with differences.
    pub spaces_differing: i64,
    /// Spaces whose log is damaged and that were left as they are.
    pub spaces_damaged: i64,
    /// Spaces about which the database refused a statement and that were left as they are.
    pub spaces_failed: i64,
    /// How fast it was in its last second.
    pub events_per_s: i64,
    /// The PostgreSQL session that holds it, if that lives.
    pub holder: Option<i32>,
}

impl Standing {
    /// About how long it has still to run, in seconds; none as long as nobody can say.
    pub fn seconds_left(&self) -> Option<i64> {
        let runs = self.state == State::Running && self.events_per_s > 0;
        runs.then(|| (self.events_total - self.events).max(0) / self.events_per_s)
    }
}

/// The rebuild that has not ended, if there is one: what a feed of progress tells.
///
/// # Errors
/// The database could not be asked.
pub async fn current(pool: &Pool) -> Result<Option<Standing>, Fault> {
    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    match unended(&**client).await? {
        Some(id) => one(&**client, id).await,
        None => Ok(None),
    }
}

/// A rebuild.
///
/// # Errors
/// The database could not be asked.
pub async fn get(pool: &Pool, id: Uuid) -> Result<Option<Standing>, Fault> {
    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    one(&**client, id).await
}

/// The newest rebuilds, those before one if that is named.
///
/// # Errors
/// The database could not be asked.
pub async fn recent(pool: &Pool, before: Option<Uuid>, rows_max: i64) -> Result<Vec<Standing>, Fault> {
    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    let before = before.unwrap_or(Uuid::max());
    let found = client.query(include_str!("../sql/rebuild/recent.sql"), &[&before, &rows_max]).await;
    let mut standings = Vec::new();
    for row in found.map_err(|error| read(&error))? {
        standings.extend(one(&**client, row.get("rebuild_id")).await?);
    }
    Ok(standings)
}

/// What differed in a rebuild, as far as it was kept.
///
/// # Errors
/// The database could not be asked.
pub async fn kept(pool: &Pool, id: Uuid, rows_max: i64) -> Result<Vec<Kept>, Fault> {
    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    differences::kept(&**client, id, rows_max).await
}

/// Which rebuild has not ended.
pub(super) async fn unended(client: &impl GenericClient) -> Result<Option<Uuid>, Fault> {
    let row = client.query_opt(include_str!("../sql/rebuild/open.sql"), &[]).await.map_err(|error| read(&error))?;
    Ok(row.map(|row| row.get("rebuild_id")))
}

/// How one stands.
pub(super) async fn one(client: &impl GenericClient, id: Uuid) -> Result<Option<Standing>, Fault> {
    let row = client.query_opt(include_str!("../sql/rebuild/standing.sql"), &[&id]).await;
    row.map_err(|error| read(&error))?.as_ref().map(standing).transpose()
}

fn standing(row: &Row) -> Result<Standing, Fault> {
    let name: &str = row.get("state");
    let state = State::named(name).ok_or_else(|| Fault::Refused(format!("a rebuild cannot be {name}")))?;
    Ok(Standing {
        id: row.get("rebuild_id"),
        space: row.get::<_, Option<Uuid>>("space_id").map(SpaceId),
        projections: row.get("projections"),
        fold_versions: row.get("fold_versions"),
        check: row.get("check_only"),
        workers: row.get("workers"),
        cause: row.get("cause"),
        state,
        reason: row.get("reason"),
        began_at: row.get("began_at"),
        changed_at: row.get("changed_at"),
        ended_at: row.get("ended_at"),
        spaces_total: row.get("spaces_total"),
        events_total: row.get("events_total"),
        spaces: row.get("spaces"),
        events: row.get("events"),
        rows: row.get("rows"),
        differences: row.get("differences"),
        spaces_differing: row.get("spaces_differing"),
        spaces_damaged: row.get("spaces_damaged"),
        spaces_failed: row.get("spaces_failed"),
        events_per_s: row.get("events_per_s"),
        holder: row.get("holder"),
    })
}
