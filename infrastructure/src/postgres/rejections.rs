//! Refused transactions that nobody has acknowledged: dead letters, as they were sent.

use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::{DeviceId, SpaceId, TransactionId};
use domain::limits::PAGE_BYTES_MAX;
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

    /// At most `rows` of a space, and of [`PAGE_BYTES_MAX`] bytes, but one in any case; the newest first. Whether there are more.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn list(
        &self,
        space: SpaceId,
        behind: Option<Behind>,
        rows: usize,
    ) -> Result<(Vec<DeadLetter>, bool), Fault> {
        let (found, more) = page(&self.pool, space, &Stretch { behind, ..Stretch::default() }, rows).await?;
        Ok((found.iter().map(|row| letter(space, row)).collect::<Result<_, Fault>>()?, more))
    }

    /// Takes a refused transaction off the list. Whether the space ever had it; doing it again changes nothing.
    ///
    /// # Errors
    /// It could not be written.
    pub async fn acknowledge(&self, space: SpaceId, transaction: Uuid) -> Result<bool, Fault> {
        let sql = include_str!("sql/rejections/acknowledge.sql");
        let found = query(&self.pool, sql, &[&space.0, &transaction]).await?;
        Ok(found.first().is_some_and(|row| row.get("known")))
    }
}

/// Which of a space's dead letters.
pub(super) struct Stretch<'a> {
    pub(super) behind: Option<Behind>,
    /// Refused for this.
    pub(super) code: Option<&'a str>,
    /// Refused at or after this, Unix ms.
    pub(super) from: i64,
    /// Refused before this, Unix ms.
    pub(super) to: i64,
}

impl Default for Stretch<'_> {
    fn default() -> Self {
        Self { behind: None, code: None, from: i64::MIN, to: i64::MAX }
    }
}

/// The rows of a page with what was sent, and whether there are more. A page is bounded by its bytes, too: each letter may be as
/// long as a request.
pub(super) async fn page(
    pool: &Pool,
    space: SpaceId,
    stretch: &Stretch<'_>,
    rows: usize,
) -> Result<(Vec<Row>, bool), Fault> {
    let behind = stretch.behind.unwrap_or(Behind { at: i64::MAX, transaction: TransactionId(Uuid::max()) });
    let one_more = limit(rows.saturating_add(1));
    let Stretch { code, from, to, .. } = stretch;
    let sql = include_str!("sql/rejections/list.sql");
    let parameters: [&(dyn ToSql + Sync); 8] =
        [&space.0, &behind.at, &behind.transaction.0, &one_more, &limit(PAGE_BYTES_MAX), code, from, to];
    let mut found = query(pool, sql, &parameters).await?;
    let considered = found.first().map_or(0, |row| row.get::<_, i64>("considered"));
    found.truncate(rows);
    let more = limit(found.len()) < considered;
    Ok((found, more))
}

pub(super) fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) async fn query(pool: &Pool, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
    client.query(&statement, parameters).await.map_err(|error| read(&error))
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
