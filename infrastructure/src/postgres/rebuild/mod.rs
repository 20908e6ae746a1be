//! Rebuild: every space's log is folded into shadow tables and compared, row by row, with the live ones; what differs is
//! switched, in chunks and under the head's lock. It runs beside writers. The live tables are never emptied: stopped at
//! any moment, each of their rows is either as it was or what the log says.
//!
//! A rebuild is a row: it outlives the process that runs it, and any other goes on with it, space by space.

mod alone;
mod begin;
mod differences;
pub(crate) mod folds;
mod lead;
pub(super) mod look;
mod meter;
mod orders;
pub(super) mod place;
mod queue;
pub(super) mod refold;
mod session;
mod shadow;
pub(super) mod shadows;
mod standing;
mod worker;

use application::fault::Fault;
use application::identity::Actor;
use application::rebuild::{Difference, Projections};
use application::verify::Finding;
use deadpool_postgres::Pool;
use domain::id::SpaceId;
use thiserror::Error;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::fault::{no_connection, read};

use self::session::Session;

pub(crate) use self::alone::Healer;
pub use self::begin::{Cause, FOLD};
pub use self::differences::Kept;
pub use self::folds::Folds;
pub use self::orders::{Met, Order, order};
pub use self::standing::{Standing, State, current, get, kept, recent};

/// Spaces that are worked at side by side unless somebody says otherwise.
pub const WORKERS_DEFAULT: u16 = 2;
/// And at most.
pub const WORKERS_MAX: u16 = 64;

/// Why a rebuild did not run to its end. The live tables are whole.
#[derive(Debug, Error)]
pub enum RebuildError {
    /// Another process runs it.
    #[error("rebuild {id} of this database is running (PostgreSQL session {pid})")]
    Running {
        /// Which.
        id: Uuid,
        /// Its session's process id in PostgreSQL.
        pid: i32,
    },
    /// Another one, of something else, has not ended.
    #[error("rebuild {id} of this database has not ended")]
    Unfinished {
        /// Which.
        id: Uuid,
    },
    /// The space that was asked for has no head, or is being erased.
    #[error("there is no space {0}")]
    NoSpace(SpaceId),
    /// There is no such rebuild, or no more: one of a single space goes with it.
    #[error("there is no rebuild {0}")]
    Gone(Uuid),
    /// A newer program began it, or wants other folds.
    #[error("the projection {0} is built by a newer program")]
    Newer(String),
    /// It cannot go on before somebody has looked after the cause.
    #[error("rebuild {id} was paused: {fault}")]
    Paused {
        /// Which.
        id: Uuid,
        /// Why.
        fault: Fault,
    },
    /// It broke off, and goes on with whoever takes it up.
    #[error("rebuild {id} broke off: {fault}")]
    Broken {
        /// Which.
        id: Uuid,
        /// Why.
        fault: Fault,
    },
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What to rebuild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// One space, or all.
    pub space: Option<SpaceId>,
    /// Which projections.
    pub projections: Projections,
    /// Compare only; no live row is touched.
    pub check: bool,
    /// Spaces that are worked at side by side.
    pub workers: u16,
}

impl Default for Scope {
    fn default() -> Self {
        Self { space: None, projections: Projections::all(), check: false, workers: WORKERS_DEFAULT }
    }
}

/// What becomes of a rebuild whose process is told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtStop {
    /// It waits to be resumed.
    Pause,
    /// Another process may go on with it.
    Leave,
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

impl Progress {
    /// Of a rebuild as it stands.
    pub fn of(standing: &Standing) -> Self {
        Self {
            spaces: standing.spaces.unsigned_abs(),
            spaces_total: standing.spaces_total.unsigned_abs(),
            events: standing.events.unsigned_abs(),
            events_total: standing.events_total.unsigned_abs(),
        }
    }
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
    /// The database refused a statement about a space, which is left as it is.
    Failed(&'a Finding),
}

/// Begins a rebuild and leaves it to whoever takes it up; its id.
///
/// # Errors
/// Another one has not ended, or the space is not there.
pub async fn begin(pool: &Pool, scope: &Scope, cause: Cause) -> Result<Uuid, RebuildError> {
    let mut client = pool.get().await.map_err(|error| no_connection(&error))?;
    begin::begin(&mut client, scope, cause, None).await
}

/// Begins a rebuild, or goes on with one of the same scope that was left, and runs it to its end. `stop` pauses it.
///
/// # Errors
/// Another one is running or has not ended, the space does not exist, or the database failed.
pub async fn rebuild(
    pool: &Pool,
    scope: &Scope,
    stop: &CancellationToken,
    tell: &mut (impl FnMut(News<'_>) + Send),
) -> Result<Standing, RebuildError> {
    let by = Actor::Operator;
    let mut session = Session::open(pool).await?;
    let left = match current(pool).await? {
        Some(left) if left.state == State::Cancelling && left.holder.is_none() => {
            order(pool, left.id, Order::Cancel, by).await?;
            None
        }
        left => left,
    };
    let id = match left {
        None => {
            let me = (session.pid, session.start.clone());
            begin::begin(session.wrapper(), scope, Cause::Asked(by), Some(me)).await?
        }
        Some(Standing { id, holder: Some(pid), .. }) => return Err(RebuildError::Running { id, pid }),
        Some(left) if is_of(&left, scope) => {
            order(pool, left.id, Order::Resume, by).await?;
            left.id
        }
        Some(left) => return Err(RebuildError::Unfinished { id: left.id }),
    };
    lead::run(pool, session, id, (stop, AtStop::Pause), tell).await
}

/// Goes on with a rebuild that nobody runs, until it ends or `stop` does; how it stands then.
///
/// # Errors
/// Somebody else runs it, something failed, or it is none.
pub async fn go_on(
    pool: &Pool,
    id: Uuid,
    stop: (&CancellationToken, AtStop),
    tell: &mut (impl FnMut(News<'_>) + Send),
) -> Result<Standing, RebuildError> {
    lead::run(pool, Session::open(pool).await?, id, stop, tell).await
}

fn is_of(left: &Standing, scope: &Scope) -> bool {
    let same_projections = left.projections.iter().map(String::as_str).eq(scope.projections.names());
    left.space == scope.space && left.check == scope.check && same_projections
}

/// How much there is to do.
pub(super) async fn totals(client: &Client, space: Option<SpaceId>) -> Result<Progress, Fault> {
    let row = client.query_one(include_str!("../sql/rebuild/totals.sql"), &[&space.map(|space| space.0)]).await;
    let row = row.map_err(|error| read(&error))?;
    let count = |name: &str| row.get::<_, i64>(name).cast_unsigned();
    Ok(Progress { spaces_total: count("spaces"), events_total: count("events"), ..Progress::default() })
}
