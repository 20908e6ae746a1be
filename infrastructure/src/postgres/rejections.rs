//! Refused transactions that nobody has acknowledged: dead letters, as they were sent.

use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::{DeviceId, SpaceId, TransactionId};
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::fault::{no_connection, read};
use super::ledger::rows::damage;

/// The dead letters of every space.
#[derive(Clone, Debug)]
pub struct PostgresRejections {
    pool: Pool,
}

/// A refused transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    /// Which.
    pub transaction: TransactionId,
    /// The device that sent it.
    pub device: DeviceId,
    /// When it was refused, Unix ms.
    pub at: i64,
    /// Why.
    pub problem: Value,
    /// Its commands as they were sent; the whole text when it could not be read.
    pub commands: Value,
}

/// The last of a page, behind which the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind {
    /// When it was refused.
    pub at: i64,
    /// Which it was.
    pub transaction: TransactionId,
}

impl PostgresRejections {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// At most `rows` of a space, the newest first.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn list(&self, space: SpaceId, behind: Option<Behind>, rows: i64) -> Result<Vec<DeadLetter>, Fault> {
        let (at, transaction) = (behind.map(|last| last.at), behind.map(|last| last.transaction.0));
        let sql = include_str!("sql/rejections/list.sql");
        let found = self.query(sql, &[&space.0, &at, &transaction, &rows]).await?;
        found.iter().map(|row| letter(space, row)).collect()
    }

    /// Takes a refused transaction off the list. Whether the space ever had it; doing it again changes nothing.
    ///
    /// # Errors
    /// It could not be written.
    pub async fn acknowledge(&self, space: SpaceId, transaction: Uuid) -> Result<bool, Fault> {
        let found = self.query(include_str!("sql/rejections/acknowledge.sql"), &[&space.0, &transaction]).await?;
        Ok(found.first().is_some_and(|row| row.get("known")))
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, parameters).await.map_err(|error| read(&error))
    }
}

fn letter(space: SpaceId, row: &Row) -> Result<DeadLetter, Fault> {
    let unreadable = |error| damage("a rejection", space, error);
    let mut sent: Value = serde_json::from_str(row.get("sent")).map_err(unreadable)?;
    Ok(DeadLetter {
        transaction: TransactionId(row.get("transaction_id")),
        device: DeviceId(row.get("device_id")),
        at: row.get("decided_at"),
        problem: serde_json::from_str(row.get("problem")).map_err(unreadable)?,
        commands: sent["commands"].take(),
    })
}
