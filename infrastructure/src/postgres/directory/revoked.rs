//! Sessions that ended, as other nodes find them.

use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::SessionId;
use domain::session::Because;

use super::{fault, row};

const REVOKED_SINCE: &str = include_str!("../sql/directory/revoked_since.sql");

/// A session that ended.
pub(crate) struct Revoked {
    /// Which.
    pub(crate) session: SessionId,
    /// Why.
    pub(crate) because: Because,
    /// When, ms, by the clock of the database.
    pub(crate) at: i64,
    /// When no access token of it can be good any more, ms.
    pub(crate) forget_at: i64,
}

/// Those that ended at or after a moment and are not to be forgotten at `now_ms`.
pub(crate) async fn since(pool: &Pool, moment: i64, now_ms: i64) -> Result<Vec<Revoked>, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(REVOKED_SINCE).await.map_err(|e| fault::of_statement("revoked_since", &e))?;
    let rows =
        client.query(&statement, &[&moment, &now_ms]).await.map_err(|e| fault::of_statement("revoked_since", &e))?;
    let read = |row: &tokio_postgres::Row| {
        let because: &str = row.try_get("because")?;
        // A reason that a newer node wrote is still a reason.
        let because = Because::from_name(because).unwrap_or(Because::EndedElsewhere);
        let (at, forget_at) = (row.try_get("revoked_at")?, row.try_get("forget_at")?);
        Ok(Revoked { session: SessionId(row.try_get("session_id")?), because, at, forget_at })
    };
    rows.iter().map(|row| read(row).map_err(|error| row::unreadable(&error))).collect()
}
