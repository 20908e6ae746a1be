//! Rebuild: every space's log is folded into shadow tables and compared, row by row, with the live ones; what differs is
//! switched, in chunks and under the head's lock. It runs beside writers. The live tables are never emptied: stopped at
//! any moment, each of their rows is either as it was or what the log says.

mod claim;
pub(super) mod look;
pub(super) mod place;
pub(super) mod refold;
mod run;
mod shadow;
pub(super) mod shadows;

use application::fault::Fault;
use application::rebuild::Difference;
use application::verify::Finding;
use domain::id::SpaceId;
use thiserror::Error;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::place::Place;
use self::run::Run;
use self::shadows::Shadows;
use super::fault::read;

/// Spaces that are listed at once.
const SPACES_MAX: i64 = 1_000;

/// Why a rebuild did not run to its end. The live tables are whole.
#[derive(Debug, Error)]
pub enum RebuildError {
    /// Another one holds the place.
    #[error("another rebuild of this database is running (PostgreSQL session {pid})")]
    Running {
        /// Its session's process id in PostgreSQL.
        pid: i32,
    },
    /// The space that was asked for has no head.
    #[error("there is no space {0}")]
    NoSpace(SpaceId),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What to rebuild.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope {
    /// One space, or all.
    pub space: Option<SpaceId>,
    /// Compare only; no live row is touched.
    pub check: bool,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Spaces that are done.
    pub spaces: u64,
    /// Spaces in all, as counted at the start.
    pub spaces_total: u64,
    /// Events that were folded.
    pub events: u64,
    /// Events in all, as counted at the start.
    pub events_total: u64,
}

/// What is told on the way.
#[derive(Debug)]
pub enum News<'a> {
    /// It is this far.
    Progress(Progress),
    /// A live row is not what the log says.
    Difference(&'a Difference),
    /// A log is damaged; its space is left as it is.
    Damage(&'a Finding),
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How far it came.
    pub progress: Progress,
    /// Rows that were compared.
    pub rows: u64,
    /// Rows that differed; each was switched, unless this only checked.
    pub differences: u64,
    /// Spaces with differences.
    pub spaces_differing: u64,
    /// Spaces whose log is damaged and that were left as they are.
    pub spaces_damaged: u64,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// Rebuilds what `scope` says, over a connection that nobody else uses, and tells what it meets. `stop` ends it between
/// two chunks.
///
/// # Errors
/// Another rebuild is running, the space does not exist, or the database failed.
pub async fn rebuild(
    client: &mut Client,
    scope: Scope,
    stop: &CancellationToken,
    tell: &mut (impl FnMut(News<'_>) + Send),
) -> Result<Summary, RebuildError> {
    claim::claim(client).await?;
    let shadows = Shadows::create(client, Place::Schema).await?;
    let mut run = Run::new(scope, stop, tell, &shadows);
    let ended = run.all(client).await;
    let summary = run.summary;
    // After a fault the connection may be gone; then the next rebuild clears up.
    let cleared = async { shadows.drop(client).await.and(claim::release(client).await) }.await;
    ended?;
    cleared?;
    Ok(summary)
}

/// The next spaces after one, in the order of their ids.
pub(super) async fn spaces(client: &Client, after: Option<Uuid>) -> Result<Vec<Uuid>, Fault> {
    let rows = client.query(include_str!("../sql/rebuild/spaces.sql"), &[&after, &SPACES_MAX]).await;
    Ok(rows.map_err(|error| read(&error))?.iter().map(|row| row.get("space_id")).collect())
}

/// How much there is to do.
pub(super) async fn totals(client: &Client, space: Option<SpaceId>) -> Result<Progress, Fault> {
    let row = client.query_one(include_str!("../sql/rebuild/totals.sql"), &[&space.map(|space| space.0)]).await;
    let row = row.map_err(|error| read(&error))?;
    let count = |name: &str| row.get::<_, i64>(name).cast_unsigned();
    Ok(Progress { spaces_total: count("spaces"), events_total: count("events"), ..Progress::default() })
}
