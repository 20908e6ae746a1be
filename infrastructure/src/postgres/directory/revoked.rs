//! Sessions that ended, as other nodes find them.

use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::SessionId;
use domain::session::Because;
use tokio_postgres::Row;

use super::{fault, row};

const REVOKED_SINCE: &str = include_str!("../sql/directory/revoked_since.sql");

/// A session that ended.
pub(crate) struct Revoked {
    /// Which.
    pub(crate) session: SessionId,
    /// Why.
    pub(crate) because: Because,
    /// When no access token of it can be good any more, ms.
    pub(crate) forget_at: i64,
}

/// Up to where somebody has looked. The default has seen nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Transactions below this number were over.
    upto: i64,
    /// The server whose numbers these are.
    server: i64,
}

/// Those that were not seen for certain and are not to be forgotten at `now_ms`, and what is seen with them.
pub(crate) async fn since(pool: &Pool, seen: Seen, now_ms: i64) -> Result<(Vec<Revoked>, Seen), Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let failed = |error: tokio_postgres::Error| fault::of_statement("revoked_since", &error);
    let statement = client.prepare_cached(REVOKED_SINCE).await.map_err(failed)?;
    let rows = client.query(&statement, &[&seen.upto, &seen.server, &now_ms]).await.map_err(failed)?;
    read(&rows, seen).map_err(|error| row::unreadable(&error))
}

fn read(rows: &[Row], before: Seen) -> Result<(Vec<Revoked>, Seen), tokio_postgres::Error> {
    let seen = match rows.first() {
        Some(first) => Seen { upto: first.try_get("upto")?, server: first.try_get("server")? },
        None => before,
    };
    let found = rows.iter().filter_map(|row| revoked(row).transpose());
    Ok((found.collect::<Result<_, _>>()?, seen))
}

/// One row; none when nothing was found.
fn revoked(row: &Row) -> Result<Option<Revoked>, tokio_postgres::Error> {
    let Some(session) = row.try_get::<_, Option<_>>("session_id")? else { return Ok(None) };
    // A reason that a newer node wrote is still a reason.
    let because = Because::from_name(row.try_get("because")?).unwrap_or(Because::EndedElsewhere);
    Ok(Some(Revoked { session: SessionId(session), because, forget_at: row.try_get("forget_at")? }))
}
