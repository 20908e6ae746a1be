//! Ends sessions, inside the transaction of the act that ends them.

use application::fault::Fault;
use application::identity::Which;
use application::identity::limits::OLD_CLIENT_ACCESS_TOKEN_LIFETIME_S;
use deadpool_postgres::Transaction;
use domain::id::{AccountId, SessionId};
use domain::session::Because;

use super::{fault, row};

const REVOKE_SESSIONS: &str = include_str!("../sql/directory/revoke_sessions.sql");

/// How long the end of a session is remembered: longer than any access token lives, those of old clients too.
pub(crate) const REMEMBERED_MS: i64 = 8 * 24 * 60 * 60 * 1_000;
const _: () = assert!(REMEMBERED_MS > OLD_CLIENT_ACCESS_TOKEN_LIFETIME_S * 1_000);

/// Ends the sessions that are still going on; which they were.
pub(super) async fn revoke(
    transaction: &Transaction<'_>,
    account: AccountId,
    which: Which,
    because: Because,
    now_ms: i64,
) -> Result<Vec<SessionId>, Fault> {
    let (one, device, but) = match which {
        Which::All => (None, None, None),
        Which::One(session) => (Some(session.0), None, None),
        Which::AllBut(session) => (None, None, Some(session.0)),
        Which::OfDevice(device) => (None, Some(device.0), None),
    };
    let failed = |error| fault::of_statement("revoke_sessions", &error);
    let statement = transaction.prepare_cached(REVOKE_SESSIONS).await.map_err(failed)?;
    let forget_at = now_ms + REMEMBERED_MS;
    let rows = transaction
        .query(&statement, &[&account.0, &one, &device, &but, &now_ms, &because.as_str(), &forget_at])
        .await
        .map_err(failed)?;
    rows.iter().map(|row| row.try_get(0).map(SessionId).map_err(|error| row::unreadable(&error))).collect()
}
