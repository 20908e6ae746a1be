//! The spaces that a rebuild has still to do. They are taken up a page at a time, in the order of their ids, so that a
//! million of them are never listed at once; each is claimed by the session of one worker.

use application::fault::Fault;
use domain::id::SpaceId;
use tokio_postgres::Transaction;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::super::fault::{read, write};
use super::session::Session;

/// Spaces that are taken up at once.
const PAGE_SPACES: i64 = 1_000;

/// A space in the hands of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claimed {
    pub(super) space: SpaceId,
    /// Whether a worker was at it that has died: its rows may lie in the shadow tables.
    pub(super) again: bool,
}

/// What was done of a space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) events: i64,
    pub(super) rows: i64,
    /// Why it was left as it is, if it was.
    pub(super) left: Option<Left>,
}

/// Why a space is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// Its log is damaged.
    Damaged,
    /// The database refused a statement about it.
    Failed,
}

/// The session that holds a rebuild, whose workers may claim spaces of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lead {
    pub(super) pid: i32,
    pub(super) start: String,
}

/// What a worker claims spaces of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of<'a> {
    pub(super) rebuild: Uuid,
    pub(super) lead: &'a Lead,
    pub(super) check: bool,
}

/// The next space that nobody is at; none when all that is left is in the hands of others.
pub(super) async fn next(session: &Session, of: Of<'_>) -> Result<Option<Claimed>, Fault> {
    let Of { rebuild, lead, .. } = of;
    loop {
        if let Some(claimed) = claim(session, of).await? {
            return Ok(Some(claimed));
        }
        let planned = include_str!("../sql/rebuild/planned.sql");
        let planned = session.query_opt(planned, &[&rebuild, &lead.pid, &lead.start]).await;
        match planned.map_err(|error| read(&error))?.map(|row| row.get::<_, bool>("planned")) {
            Some(false) => execute(session, include_str!("../sql/rebuild/plan.sql"), &[&rebuild, &PAGE_SPACES]).await?,
            // All were taken up, or it is to go on no more.
            Some(true) | None => return Ok(None),
        }
    }
}

async fn claim(session: &Session, Of { rebuild, lead, check }: Of<'_>) -> Result<Option<Claimed>, Fault> {
    let sql = include_str!("../sql/rebuild/claim_space.sql");
    let row = session.query_opt(sql, &[&rebuild, &session.pid, &session.start, &check, &lead.pid, &lead.start]).await;
    let row = row.map_err(|error| write(&error))?;
    Ok(row.map(|row| Claimed { space: SpaceId(row.get("space_id")), again: row.get("again") }))
}

/// So many of a space's events were folded.
pub(super) async fn reached(session: &Session, rebuild: Uuid, space: SpaceId, events: i64) -> Result<(), Fault> {
    let sql = include_str!("../sql/rebuild/reached.sql");
    execute(session, sql, &[&rebuild, &space.0, &session.pid, &events]).await
}

/// A space is begun again: its log was read before something was changed in it.
pub(super) async fn again(session: &Session, rebuild: Uuid, space: SpaceId, check: bool) -> Result<(), Fault> {
    let sql = include_str!("../sql/rebuild/again.sql");
    execute(session, sql, &[&rebuild, &space.0, &session.pid, &check]).await
}

/// Whether a space is still this session's, which it stays until the end of the transaction.
pub(super) async fn is_mine(transaction: &Transaction<'_>, rebuild: Uuid, space: SpaceId) -> Result<bool, Fault> {
    let row = transaction.query_opt(include_str!("../sql/rebuild/is_mine.sql"), &[&rebuild, &space.0]).await;
    Ok(row.map_err(|error| write(&error))?.is_some())
}

/// A space is given back, to be begun again.
pub(super) async fn leave(session: &Session, rebuild: Uuid, space: SpaceId) -> Result<(), Fault> {
    execute(session, include_str!("../sql/rebuild/leave_space.sql"), &[&rebuild, &space.0, &session.pid]).await
}

/// A space is done.
pub(super) async fn end(session: &Session, rebuild: Uuid, space: SpaceId, done: Done) -> Result<(), Fault> {
    if let Some(left) = done.left {
        let sql = include_str!("../sql/rebuild/damaged_space.sql");
        let has_failed = left == Left::Failed;
        return execute(session, sql, &[&rebuild, &space.0, &session.pid, &done.events, &has_failed]).await;
    }
    let sql = include_str!("../sql/rebuild/end_space.sql");
    execute(session, sql, &[&rebuild, &space.0, &session.pid, &done.events, &done.rows]).await
}

/// Whether a space is being erased, or was.
pub(super) async fn is_gone(session: &Session, space: SpaceId) -> Result<bool, Fault> {
    let row = session.query_one(include_str!("../sql/rebuild/is_gone.sql"), &[&space.0]).await;
    Ok(row.map_err(|error| read(&error))?.get("gone"))
}

async fn execute(session: &Session, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<(), Fault> {
    session.execute(sql, parameters).await.map(drop).map_err(|error| write(&error))
}
