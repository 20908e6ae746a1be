//! Clears away a chunk of rows.

use application::fault::Fault;
use deadpool_postgres::Pool;

use super::fault;

/// Runs a statement that deletes at most `$2` rows whose time was before `$1`; how many they were.
pub(crate) async fn clear(pool: &Pool, statement: &str, before: i64, rows: i64) -> Result<u64, Fault> {
    let failed = |error| fault::of_statement("clear", &error);
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(statement).await.map_err(failed)?;
    client.execute(&statement, &[&before, &rows]).await.map_err(failed)
}
