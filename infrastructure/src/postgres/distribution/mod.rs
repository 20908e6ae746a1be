//! A database that is spread over several machines by space: which table goes where, and bringing a schema into that shape.
//!
//! Tables of a space are cut by its id and lie together, so that all that one space says is on one machine. The rest stays
//! on the machine that servers connect to.

pub mod tables;

use std::collections::BTreeSet;

use thiserror::Error;
use tokio_postgres::{Client, Config};

use super::pool::{self, ConnectError, explain};
use tables::{BY_SPACE, EVERYWHERE, FIRST};

/// Why a database is not spread.
#[derive(Debug, Error)]
pub enum DistributionError {
    /// The database is away.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// It has nothing that could spread it.
    #[error("the extension citus is not installed in this database")]
    NoExtension,
    /// A statement failed; what was spread before it stays so.
    #[error("the table {0} could not be spread: {1}")]
    Table(&'static str, String),
    /// The database could not be asked.
    #[error("the database could not be asked how it is spread: {0}")]
    Database(String),
}

/// Every statement of the whole way, in order, each with its semicolon.
pub fn statements() -> Vec<String> {
    whole().map(|(_, sql)| format!("{sql};")).collect()
}

/// Spreads what is not spread yet; the names of those tables, in order. May be run again after every migration.
///
/// # Errors
/// The extension is missing, or a statement failed.
pub async fn run(config: &Config) -> Result<Vec<&'static str>, DistributionError> {
    let client = pool::connect_alone(config).await?;
    if !has_extension(&client).await? {
        return Err(DistributionError::NoExtension);
    }
    let there = spread(&client).await?;
    let mut done = Vec::new();
    for (table, sql) in whole().filter(|(table, _)| !there.contains(*table)) {
        let failed = |error| DistributionError::Table(table, explain(&error));
        if let Err(error) = client.batch_execute(&sql).await {
            // Another process that starts may have done it meanwhile.
            if spread(&client).await?.contains(table) {
                continue;
            }
            return Err(failed(error));
        }
        // What lay here before would stay on the disk, unseen, beyond every erasure.
        let forget = include_str!("../sql/distribution/forget_local.sql").replace("{table}", table);
        client.batch_execute(&forget).await.map_err(failed)?;
        tracing::info!(table, "a table is spread");
        done.push(table);
    }
    Ok(done)
}

/// Spreads what came since the database was spread: a migration may bring a table, or make one anew. A database that is not spread
/// stays as it is.
///
/// # Errors
/// The database could not be asked, or a statement failed.
pub async fn complete(config: &Config) -> Result<Vec<&'static str>, DistributionError> {
    if is_spread(config).await? { run(config).await } else { Ok(Vec::new()) }
}

/// Each table that is spread, and the statement that does it.
fn whole() -> impl Iterator<Item = (&'static str, String)> {
    let by_space = BY_SPACE.iter().map(|table| (*table, by_space(table)));
    by_space.chain(EVERYWHERE.iter().map(|(table, _)| (*table, everywhere(table))))
}

/// Whether the logs of this database are spread by space.
///
/// # Errors
/// The database could not be asked.
pub async fn is_spread(config: &Config) -> Result<bool, DistributionError> {
    let client = pool::connect_alone(config).await?;
    Ok(has_extension(&client).await? && spread(&client).await?.contains(FIRST))
}

async fn has_extension(client: &Client) -> Result<bool, DistributionError> {
    let row = client.query_one(include_str!("../sql/distribution/extension.sql"), &[]).await.map_err(database)?;
    Ok(row.get("is_there"))
}

/// The tables that the extension knows.
async fn spread(client: &Client) -> Result<BTreeSet<String>, DistributionError> {
    // The catalog is the extension's: without it the statement could not even be prepared.
    let sql = include_str!("../sql/distribution/spread.sql").replace("{catalog}", "pg_catalog.pg_dist_partition");
    let rows = client.query(&sql, &[]).await.map_err(database)?;
    Ok(rows.iter().map(|row| row.get("name")).collect())
}

fn by_space(table: &str) -> String {
    let together = if table == FIRST { "default" } else { FIRST };
    let template = include_str!("../sql/distribution/by_space.sql");
    template.trim().replace("{table}", table).replace("{together}", together)
}

fn everywhere(table: &str) -> String {
    include_str!("../sql/distribution/everywhere.sql").trim().replace("{table}", table)
}

fn database(error: tokio_postgres::Error) -> DistributionError {
    DistributionError::Database(explain(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heads_come_first_and_all_others_lie_beside_them() {
        let all = statements();
        assert_eq!(all[0], "SELECT create_distributed_table('heads', 'space_id', colocate_with => 'default');");
        let (others, everywhere) = all[1..].split_at(BY_SPACE.len() - 1);
        assert!(others.iter().all(|sql| sql.ends_with("', 'space_id', colocate_with => 'heads');")), "{others:?}");
        assert!(everywhere.iter().all(|sql| sql.starts_with("SELECT create_reference_table('")), "{everywhere:?}");
    }
}
