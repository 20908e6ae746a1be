//! The log in PostgreSQL, to those who look back, and the restore points.

mod points;
mod replay;

use std::collections::HashMap;

use application::fault::Fault;
use application::ledger::Head;
use application::past::{FieldStanding, HistoryQuery, Mark, Past, PastEvent, PastReceipt, Stretch};
use deadpool_postgres::Pool;
use domain::entity::{EntityRef, Kind};
use domain::id::{AccountId, DeviceId, EntityId, SessionId, SpaceId, TransactionId};
use domain::transaction::Positions;
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::fault::{no_connection, read, write};
use super::ledger::rows::{damage, head};

/// The log of every space, looked back at.
#[derive(Clone, Debug)]
pub struct PostgresPast {
    pool: Pool,
}

impl PostgresPast {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// What the person calls these devices; one that is gone has no name.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn device_names(
        &self,
        account: AccountId,
        devices: &[DeviceId],
    ) -> Result<HashMap<DeviceId, String>, Fault> {
        let devices: Vec<Uuid> = devices.iter().map(|device| device.0).collect();
        let rows = self.query(include_str!("../sql/past/device_names.sql"), &[&account.0, &devices]).await?;
        Ok(rows.iter().map(|row| (DeviceId(row.get("device_id")), row.get("device_name"))).collect())
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, parameters).await.map_err(|error| read(&error))
    }

    async fn execute(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<u64, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.execute(&statement, parameters).await.map_err(|error| write(&error))
    }
}

impl Past for PostgresPast {
    async fn head(&self, space: SpaceId) -> Result<Head, Fault> {
        let rows = self.query(include_str!("../sql/ledger/heads.sql"), &[&vec![space.0]]).await?;
        head(rows.first().ok_or_else(|| Fault::Unavailable(format!("space {space} has no head")))?)
    }

    async fn events(
        &self,
        space: SpaceId,
        stretches: &[Stretch],
        upto: i64,
        rows: i64,
    ) -> Result<Vec<PastEvent>, Fault> {
        let kinds: Vec<&str> = stretches.iter().map(|one| one.entity.kind.name()).collect();
        let ids: Vec<Uuid> = stretches.iter().map(|one| one.entity.id.0).collect();
        let after: Vec<i64> = stretches.iter().map(|one| one.after).collect();
        let sql = include_str!("../sql/past/events.sql");
        let found = self.query(sql, &[&space.0, &kinds, &ids, &after, &upto, &rows]).await?;
        found.iter().map(|row| event(space, row)).collect()
    }

    async fn spoken_of(&self, space: SpaceId, span: Positions) -> Result<Vec<EntityRef>, Fault> {
        let sql = include_str!("../sql/past/spoken_of.sql");
        let found = self.query(sql, &[&space.0, &span.first, &span.last]).await?;
        found.iter().map(|row| entity(space, row)).collect()
    }

    async fn changed(&self, space: SpaceId, span: Positions) -> Result<Vec<EntityRef>, Fault> {
        let sql = include_str!("../sql/past/changed.sql");
        let found = self.query(sql, &[&space.0, &span.first, &span.last]).await?;
        found.iter().map(|row| entity(space, row)).collect()
    }

    async fn mark(&self, space: SpaceId, position: i64) -> Result<Option<Mark>, Fault> {
        let found = self.query(include_str!("../sql/past/mark.sql"), &[&space.0, &position]).await?;
        let mark = |row: &Row| {
            let hash: &[u8] = row.get("hash");
            let hash = hash.try_into().map_err(|error| damage("an event's hash", space, error))?;
            Ok(Mark { hash, recorded_at: row.get("recorded_at") })
        };
        found.first().map(mark).transpose()
    }

    async fn receipts(&self, space: SpaceId, transactions: &[TransactionId]) -> Result<Vec<PastReceipt>, Fault> {
        let transactions: Vec<Uuid> = transactions.iter().map(|transaction| transaction.0).collect();
        let found = self.query(include_str!("../sql/past/receipts.sql"), &[&space.0, &transactions]).await?;
        Ok(found.iter().map(receipt).collect())
    }

    async fn history(&self, space: SpaceId, query: &HistoryQuery) -> Result<Vec<PastEvent>, Fault> {
        let HistoryQuery { entity: EntityRef { kind, id }, field, upto, before, rows } = query;
        let sql = include_str!("../sql/past/history.sql");
        let found = self.query(sql, &[&space.0, &kind.name(), &id.0, before, upto, field, rows]).await?;
        found.iter().map(|row| event(space, row)).collect()
    }

    async fn standing(
        &self,
        space: SpaceId,
        query: &HistoryQuery,
        fields: &[String],
    ) -> Result<Vec<FieldStanding>, Fault> {
        let HistoryQuery { entity: EntityRef { kind, id }, upto, before, .. } = query;
        let sql = include_str!("../sql/past/standing.sql");
        let found = self.query(sql, &[&space.0, &kind.name(), &id.0, before, upto, &fields]).await?;
        let standing =
            |row: &Row| FieldStanding { field: row.get("field"), newest: row.get("newest"), before: row.get("before") };
        Ok(found.iter().map(standing).collect())
    }
}

fn event(space: SpaceId, row: &Row) -> Result<PastEvent, Fault> {
    let (fields, position): (Value, i64) = (row.get("fields"), row.get("position"));
    let kind = Kind::from_name(row.get("aggregate_type"));
    if kind.is_none() {
        return Err(Fault::Damaged { space, position, reason: "its kind of entity is not known here".to_owned() });
    }
    Ok(PastEvent {
        position,
        transaction: TransactionId(row.get("transaction_id")),
        device: DeviceId(row.get("device_id")),
        entity: entity(space, row)?,
        version: row.get("sequence"),
        event_type: row.get("event_type"),
        event_version: row.get("event_version"),
        payload: row.get("payload"),
        redacted: row.get("redacted"),
        fields: if let Value::Object(fields) = fields { fields } else { Map::new() },
        recorded_at: row.get("recorded_at"),
        cause: row.get::<_, Option<&str>>("cause").and_then(|cause| cause.parse().ok()),
        session: row.get::<_, Option<&str>>("session").and_then(|session| session.parse().ok()).map(SessionId),
    })
}

fn entity(space: SpaceId, row: &Row) -> Result<EntityRef, Fault> {
    let kind: &str = row.get("aggregate_type");
    let kind = Kind::from_name(kind).ok_or_else(|| damage("an event", space, format!("of an unknown kind {kind}")))?;
    Ok(EntityRef::new(kind, EntityId(row.get("aggregate_id"))))
}

fn receipt(row: &Row) -> PastReceipt {
    let span = row.get::<_, Option<i64>>("first_position").zip(row.get("last_position"));
    PastReceipt {
        transaction: TransactionId(row.get("transaction_id")),
        device: DeviceId(row.get("device_id")),
        digest: row.get("digest"),
        committed: row.get::<_, &str>("status") == "committed",
        positions: span.map(|(first, last)| Positions { first, last }),
        body: row.get("body"),
        decided_at: row.get("decided_at"),
    }
}
