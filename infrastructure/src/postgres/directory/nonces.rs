//! Nonces for the refreshes of devices with a key: handed out, and taken once.

use application::fault::Fault;
use application::identity::limits::SESSION_NONCES_MAX;
use application::identity::{IssuedNonce, NonceDigest};
use deadpool_postgres::Pool;
use domain::id::{AccountId, SessionId};

use super::fault;

const ISSUE_NONCE: &str = include_str!("../sql/directory/issue_nonce.sql");
const TAKE_NONCE: &str = include_str!("../sql/directory/take_nonce.sql");

/// Stores a nonce, and drops the oldest of the session's that are too many.
pub(super) async fn issue(pool: &Pool, nonce: IssuedNonce) -> Result<(), Fault> {
    let failed = |error| fault::of_statement("issue_nonce", &error);
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(ISSUE_NONCE).await.map_err(failed)?;
    let kept = SESSION_NONCES_MAX - 1;
    let IssuedNonce { digest, account, session, expires_at } = nonce;
    client
        .execute(&statement, &[&digest.0.as_slice(), &account.0, &session.0, &expires_at, &kept])
        .await
        .map(drop)
        .map_err(failed)
}

/// Takes a nonce of this session that is still good; `false` when there is none.
pub(super) async fn take(
    pool: &Pool,
    account: AccountId,
    session: SessionId,
    digest: NonceDigest,
    now_ms: i64,
) -> Result<bool, Fault> {
    let failed = |error| fault::of_statement("take_nonce", &error);
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(TAKE_NONCE).await.map_err(failed)?;
    let taken =
        client.query_opt(&statement, &[&digest.0.as_slice(), &account.0, &session.0, &now_ms]).await.map_err(failed)?;
    Ok(taken.is_some())
}
