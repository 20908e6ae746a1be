//! The log, to readers: stretches of events as changes of the feed.

use std::sync::Arc;

use application::change::{Change, Encoded, Op};
use application::fault::Fault;
use application::feed::{Life, Log, Slice};
use application::ledger::Head;
use deadpool_postgres::Pool;
use domain::entity::Kind;
use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use domain::transaction::Positions;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::fault::{no_connection, read};
use super::ledger::rows::{damage, head};
use crate::clock;

/// The log of every space.
#[derive(Clone, Debug)]
pub struct PostgresLog {
    pool: Pool,
}

impl PostgresLog {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// The head of a space.
    ///
    /// # Errors
    /// The log could not be read, or the space was never founded.
    pub async fn head(&self, space: SpaceId) -> Result<Head, Fault> {
        let rows = self.query(include_str!("sql/ledger/heads.sql"), &[&vec![space.0]]).await?;
        head(rows.first().ok_or_else(|| headless(space))?)
    }

    /// How far the logs of these spaces go.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn positions(&self, spaces: &[SpaceId]) -> Result<Vec<(SpaceId, i64)>, Fault> {
        let spaces: Vec<Uuid> = spaces.iter().map(|space| space.0).collect();
        let rows = self.query(include_str!("sql/log/head_positions.sql"), &[&spaces]).await?;
        Ok(rows.iter().map(|row| (SpaceId(row.get("space_id")), row.get("position"))).collect())
    }

    /// Takes note that a device keeps everything up to a position.
    ///
    /// # Errors
    /// It could not be written.
    pub async fn acknowledge(&self, space: SpaceId, device: DeviceId, position: i64) -> Result<(), Fault> {
        let sql = include_str!("sql/log/acknowledge.sql");
        self.query(sql, &[&space.0, &device.0, &position, &clock::now_ms()]).await.map(drop)
    }

    /// At most `rows` events after `position` and the head, as of one moment; `None` where the space has no head.
    ///
    /// # Errors
    /// The log could not be read.
    pub async fn found(&self, space: SpaceId, position: i64, rows: i64) -> Result<Option<Slice>, Fault> {
        let found = self.query(include_str!("sql/log/after.sql"), &[&space.0, &position, &rows]).await?;
        found.first().map(|first| slice(first, &found)).transpose()
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, parameters).await.map_err(|error| read(&error))
    }
}

impl Log for PostgresLog {
    async fn after(&self, space: SpaceId, position: i64, rows: i64) -> Result<Slice, Fault> {
        self.found(space, position, rows).await?.ok_or_else(|| headless(space))
    }
}

/// The rows of a stretch; columns of the head repeat on each.
fn slice(first: &Row, found: &[Row]) -> Result<Slice, Fault> {
    let span = first.get::<_, Option<i64>>("first_position").zip(first.get("last_position"));
    let hash_before = first.get::<_, Option<&[u8]>>("hash_before").and_then(|hash| hash.try_into().ok());
    let has_events = first.get::<_, Option<i64>>("event_position").is_some();
    let events = found.iter().filter(|_| has_events);
    Ok(Slice {
        head: head(first)?,
        hash_before,
        changes: events.map(|row| change(row).map(Arc::new)).collect::<Result<_, Fault>>()?,
        transaction: span.map(|(first, last)| Positions { first, last }),
        life: Life { before: first.get("epoch_before"), began: first.get("epoch_began"), floor: first.get("floor") },
    })
}

/// Nobody reads a space without a head: its account is not signed in yet, or was erased while this was asked.
fn headless(space: SpaceId) -> Fault {
    Fault::Unavailable(format!("space {space} has no head"))
}

fn unknown_kind(space: SpaceId, position: i64, kind: &str) -> Fault {
    Fault::Damaged { space, position, reason: format!("no kind {kind} is known here") }
}

/// An event's row as a change.
fn change(row: &Row) -> Result<Change, Fault> {
    let space = SpaceId(row.get("space_id"));
    let kind: &str = row.get("aggregate_type");
    let fields: Value = row.get("fields");
    let Value::Object(fields) = fields else { return Err(damage("an event", space, "its fields are no object")) };
    let hash: &[u8] = row.get("event_hash");
    Ok(Change {
        position: row.get("event_position"),
        transaction_id: TransactionId(row.get("transaction_id")),
        device_id: DeviceId(row.get("device_id")),
        at: row.get("at"),
        op: Op::of(row.get("event_type")),
        entity: Kind::from_name(kind).ok_or_else(|| unknown_kind(space, row.get("event_position"), kind))?,
        id: EntityId(row.get("aggregate_id")),
        version: row.get("sequence"),
        fields,
        cause: row.get::<_, Option<&str>>("cause").and_then(|cause| cause.parse().ok()),
        hash: hash.try_into().map_err(|error| damage("an event's hash", space, error))?,
        encoded: Encoded::default(),
    })
}
