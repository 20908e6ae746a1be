//! What a database has stored: the proof that what was acknowledged is there.

use std::ops::Sub;

use tokio_postgres::Client;

use crate::failure::Failure;

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Events.
    pub events: i64,
    /// Receipts.
    pub receipts: i64,
}

/// Counts what a server of ours has.
pub async fn stored(client: &Client) -> Result<Stored, Failure> {
    stored_by(client, include_str!("sql/stored.sql")).await
}

/// Counts by a statement that answers `events` and `receipts`.
pub async fn stored_by(client: &Client, statement: &str) -> Result<Stored, Failure> {
    let row = client.query_one(statement, &[]).await?;
    Ok(Stored { events: row.get("events"), receipts: row.get("receipts") })
}

impl Sub for Stored {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self { events: self.events - before.events, receipts: self.receipts - before.receipts }
    }
}

impl Stored {
    /// Nothing acknowledged is missing and nothing else is there.
    pub fn must_be(self, acknowledged: Self, whose: &str) -> Result<(), Failure> {
        if self == acknowledged {
            return Ok(());
        }
        Err(Failure::new(format!("{whose}: acknowledged {acknowledged:?}, stored {self:?}")))
    }
}
