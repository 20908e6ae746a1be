//! What nodes tell of themselves, and what was done and is worth telling: rows in the order of their ids, which are those of
//! their moments.

use application::fault::Fault;
use deadpool_postgres::Pool;
use serde_json::{Value, json};
use tokio_postgres::Row;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

use super::fault::{no_connection, read, write};
use crate::admin_feed::Happening;
use crate::clock;

/// The notes. Clones share the connections.
#[derive(Clone, Debug)]
pub struct PostgresNotes {
    pool: Pool,
}

impl PostgresNotes {
    /// Reads and writes over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Adds a note.
    ///
    /// # Errors
    /// It could not be written.
    pub async fn put(&self, node: Uuid, at: i64, what: &str, about: &Value) -> Result<(), Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let sql = include_str!("sql/node_notes/put.sql");
        let put = client.execute(sql, &[&clock::uuid_v7(), &node, &at, &what, &Json(about)]).await;
        put.map(drop).map_err(|error| write(&error))
    }

    /// Drops the notes before a moment.
    ///
    /// # Errors
    /// They could not be dropped.
    pub async fn forget(&self, before: i64) -> Result<(), Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let forgotten = client.execute(include_str!("sql/node_notes/forget.sql"), &[&first_of(before)]).await;
        forgotten.map(drop).map_err(|error| write(&error))
    }

    /// What nodes told since a moment.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn told(&self, since: i64) -> Result<Vec<Happening>, Fault> {
        let rows = self.query(include_str!("sql/node_notes/since.sql"), &[&first_of(since)]).await?;
        let told = |row: &Row| {
            let mut about: Value = row.get("about");
            about["node"] = json!(row.get::<_, Uuid>("node_id"));
            Happening { id: row.get("note_id"), at: row.get("at"), what: row.get("what"), about }
        };
        Ok(rows.iter().map(told).collect())
    }

    /// Which of these acts were done since a moment.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn acts(&self, since: i64, acts: &[&str]) -> Result<Vec<Happening>, Fault> {
        let rows = self.query(include_str!("sql/node_notes/acts.sql"), &[&first_of(since), &acts]).await?;
        let done = |row: &Row| {
            let mut about: Value = row.get("about");
            about["account_id"] = json!(row.get::<_, Option<Uuid>>("account_id"));
            about["by"] = json!(row.get::<_, Option<&str>>("actor_role"));
            Happening { id: row.get("entry_id"), at: row.get("at"), what: row.get("act"), about }
        };
        Ok(rows.iter().map(done).collect())
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, parameters).await.map_err(|error| read(&error))
    }
}

/// The smallest time-ordered id of a moment.
fn first_of(ms: i64) -> Uuid {
    let ms = u128::from(ms.max(0).unsigned_abs());
    Uuid::from_u128((ms << 80) | (7 << 76) | (2 << 62))
}
