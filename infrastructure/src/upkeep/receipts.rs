//! The bodies of receipts go after their time. A walk through the whole table, a stretch at a time, looks for them: it costs
//! writers nothing, as an index by time would, and with hundreds of days to a receipt there is no haste.

use application::fault::Fault;
use deadpool_postgres::Pool;
use uuid::Uuid;

use crate::clock::random_bytes;
use crate::postgres::fault::{no_connection, read};

/// Receipts that one statement looks at.
const CHUNK_RECEIPTS: i64 = 1_000;
/// Statements of one round. Ten million receipts are gone through in about six days.
const CHUNKS_MAX: usize = 10;

/// A walk through all receipts, again and again.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    space: Uuid,
    transaction: Uuid,
}

impl Walk {
    /// From the beginning.
    pub const START: Self = Self { space: Uuid::nil(), transaction: Uuid::nil() };

    /// From anywhere: a process that is started again and again would never come to the end from the beginning.
    pub fn from_anywhere() -> Self {
        Self { space: Uuid::from_bytes(random_bytes()), ..Self::START }
    }

    /// Goes a stretch further, to the end of the table at most, and takes the bodies of receipts from before this moment. How
    /// many those were.
    ///
    /// # Errors
    /// The database is away; what was done is done.
    pub async fn stretch(&mut self, pool: &Pool, before_ms: i64) -> Result<u64, Fault> {
        let client = pool.get().await.map_err(|error| no_connection(&error))?;
        let sql = include_str!("../postgres/sql/upkeep/receipts.sql");
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        let mut expired = 0;
        for _ in 0..CHUNKS_MAX {
            let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
                [&self.space, &self.transaction, &CHUNK_RECEIPTS, &before_ms];
            let row = client.query_opt(&statement, &parameters).await.map_err(|error| read(&error))?;
            let Some(row) = row else {
                *self = Self::START;
                break;
            };
            *self = Self { space: row.get("space_id"), transaction: row.get("transaction_id") };
            expired += row.get::<_, i64>("expired").unsigned_abs();
            if row.get::<_, i64>("looked") < CHUNK_RECEIPTS {
                *self = Self::START;
                break;
            }
        }
        Ok(expired)
    }
}
