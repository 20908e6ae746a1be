//! A hash in the place of an old one.

use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::AccountId;

use super::super::fault;

const RENEW_HASH: &str = include_str!("../../sql/directory/life/renew_hash.sql");

/// Replaces the hash if it is still the old one.
pub(super) async fn renew_hash(pool: &Pool, account: AccountId, old: &str, new: &str) -> Result<(), Fault> {
    let failed = |error| fault::of_statement("renew_hash", &error);
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(RENEW_HASH).await.map_err(failed)?;
    client.execute(&statement, &[&account.0, &old, &new]).await.map(drop).map_err(failed)
}
