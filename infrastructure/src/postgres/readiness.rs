//! Whether the database can serve now: it answers, and its schema is the one that this program knows.

use std::time::Duration;

use deadpool_postgres::Pool;

use super::migrations;

const SCHEMA_VERSION: &str = include_str!("sql/schema_version.sql");

/// How long the database may take to answer before it counts as away.
pub const READY_MS_MAX: u64 = 1_000;

/// Why requests should go elsewhere for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// No answer in time.
    #[error("the database does not answer")]
    DatabaseAway,
    /// Older, or newer: another program is being rolled out.
    #[error("the schema is not the one that this program was built for")]
    SchemaOther,
}

/// Asks the database through the pool, with all its waiting included.
pub async fn check(pool: &Pool) -> Result<(), NotReady> {
    let answer = tokio::time::timeout(Duration::from_millis(READY_MS_MAX), schema_version(pool)).await;
    let version = answer.map_err(|_| NotReady::DatabaseAway)??;
    if version == migrations::newest_version() { Ok(()) } else { Err(NotReady::SchemaOther) }
}

async fn schema_version(pool: &Pool) -> Result<i64, NotReady> {
    let client = pool.get().await.map_err(|_| NotReady::DatabaseAway)?;
    // Not prepared: a plan of its own would outlive the table when the database is put back from a backup.
    let row = client.query_one(SCHEMA_VERSION, &[]).await.map_err(|error| match error.as_db_error() {
        Some(_) => NotReady::SchemaOther,
        None => NotReady::DatabaseAway,
    })?;
    row.try_get("version").map_err(|_| NotReady::SchemaOther)
}
