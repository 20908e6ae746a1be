//! One prepared statement, run.

use application::fault::Fault;
use deadpool_postgres::GenericClient;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::super::fault;

/// Its rows.
pub(super) async fn query(
    client: &impl GenericClient,
    name: &'static str,
    sql: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, Fault> {
    let failed = |error| fault::of_statement(name, &error);
    let statement = client.prepare_cached(sql).await.map_err(failed)?;
    client.query(&statement, parameters).await.map_err(failed)
}

/// How many rows it touched.
pub(super) async fn execute(
    client: &impl GenericClient,
    name: &'static str,
    sql: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<u64, Fault> {
    let failed = |error| fault::of_statement(name, &error);
    let statement = client.prepare_cached(sql).await.map_err(failed)?;
    client.execute(&statement, parameters).await.map_err(failed)
}
