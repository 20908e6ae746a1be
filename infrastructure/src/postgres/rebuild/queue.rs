//! The spaces that a rebuild has still to do. They are taken up a page at a time, in the order of their ids, so that a
//! million of them are never listed at once; each is claimed by the session of one worker.

use application::fault::Fault;
use domain::id::SpaceId;
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
    pub(super) damaged: bool,
}

/// The next space that nobody is at; none when all that is left is in the hands of others.
pub(super) async fn next(session: &Session, rebuild: Uuid, check: bool) -> Result<Option<Claimed>, Fault> {
    loop {
        if let Some(claimed) = claim(session, rebuild, check).await? {
            return Ok(Some(claimed));
        }
        let planned = session.query_opt(include_str!("../sql/rebuild/planned.sql"), &[&rebuild]).await;
        match planned.map_err(|error| read(&error))?.map(|row| row.get::<_, bool>("planned")) {
            Some(false) => execute(session, include_str!("../sql/rebuild/plan.sql"), &[&rebuild, &PAGE_SPACES]).await?,
            // All were taken up, or it is to go on no more.
            Some(true) | None => return Ok(None),
        }
    }
}

async fn claim(session: &Session, rebuild: Uuid, check: bool) -> Result<Option<Claimed>, Fault> {
    let sql = include_str!("../sql/rebuild/claim_space.sql");
    let row = session.query_opt(sql, &[&rebuild, &session.pid, &session.start, &check]).await;
    let row = row.map_err(|error| write(&error))?;
    Ok(row.map(|row| Claimed { space: SpaceId(row.get("space_id")), again: row.get("again") }))
}

/// So many of a space's events were folded.
pub(super) async fn reached(session: &Session, rebuild: Uuid, space: SpaceId, events: i64) -> Result<(), Fault> {
    let sql = include_str!("../sql/rebuild/reached.sql");
    execute(session, sql, &[&rebuild, &space.0, &session.pid, &events]).await
}

/// A space is given back, to be begun again.
pub(super) async fn leave(session: &Session, rebuild: Uuid, space: SpaceId) -> Result<(), Fault> {
    execute(session, include_str!("../sql/rebuild/leave_space.sql"), &[&rebuild, &space.0, &session.pid]).await
}

/// A space is done.
pub(super) async fn end(session: &Session, rebuild: Uuid, space: SpaceId, done: Done) -> Result<(), Fault> {
    if done.damaged {
        let sql = include_str!("../sql/rebuild/damaged_space.sql");
        return execute(session, sql, &[&rebuild, &space.0, &session.pid, &done.events]).await;
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
