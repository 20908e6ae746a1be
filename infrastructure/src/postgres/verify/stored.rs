//! Stored events as an audit reads them.

use application::fault::Fault;
use application::verify::Logged;
use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use domain::transaction::Positions;
use serde_json::Value;
use tokio_postgres::{GenericClient, Row};

use super::super::fault::read;

/// Reads at most `rows_max` events after a position, in order.
pub(in super::super) async fn events(
    client: &impl GenericClient,
    space: SpaceId,
    after: i64,
    rows_max: i64,
) -> Result<Vec<Logged>, Fault> {
    let found = client.query(include_str!("../sql/verify/events.sql"), &[&space.0, &after, &rows_max]).await;
    Ok(found.map_err(|error| read(&error))?.iter().map(logged).collect())
}

fn logged(row: &Row) -> Logged {
    let span = row.get::<_, Option<i64>>("first_position").zip(row.get("last_position"));
    Logged {
        position: row.get("position"),
        transaction: TransactionId(row.get("transaction_id")),
        device: DeviceId(row.get("device_id")),
        aggregate_type: row.get("aggregate_type"),
        aggregate_id: EntityId(row.get("aggregate_id")),
        sequence: row.get("sequence"),
        event_type: row.get("event_type"),
        event_version: row.get("event_version"),
        payload: document(row, "payload"),
        metadata: document(row, "metadata"),
        recorded_at: row.get("recorded_at"),
        payload_hash: row.get("payload_hash"),
        hash: row.get("hash"),
        redacted: row.get("redacted"),
        receipt: span.map(|(first, last)| Positions { first, last }),
    }
}

/// PostgreSQL keeps documents that no program here can hold, such as a number of a thousand digits. Nothing of the kind
/// was ever written by one, so null in its place fails the audit as it must.
fn document(row: &Row, column: &str) -> Value {
    row.try_get(column).unwrap_or_default()
}
