//! Rows of the store as values of the application.

use application::fault::Fault;
use application::ledger::{DeviceClock, Head, StoredReceipt};
use domain::chain::Hash;
use domain::entity::{Entity, Kind};
use domain::id::{DeviceId, SpaceId, TransactionId};
use domain::stamp::Stamp;
use domain::transaction::{Positions, Receipt};
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

/// A row that cannot be read is damage, and says where.
pub(in super::super) fn damage(what: &str, space: SpaceId, reason: impl std::fmt::Display) -> Fault {
    Fault::Refused(format!("{what} of space {space} cannot be read: {reason}"))
}

pub(in super::super) fn space(row: &Row) -> SpaceId {
    SpaceId(row.get("space_id"))
}

pub(in super::super) fn head(row: &Row) -> Result<Head, Fault> {
    let hash: &[u8] = row.get("hash");
    Ok(Head {
        epoch: row.get("epoch"),
        position: row.get("position"),
        hash: hash.try_into().map_err(|error| damage("the head's hash", space(row), error))?,
        legacy_next: row.get("legacy_next"),
        live_entities: row.get("live_entities"),
        checksum: row.get::<_, i64>("checksum").cast_unsigned(),
        recorded_at: row.get("recorded_at"),
        repairs: row.get("repairs"),
    })
}

pub(in super::super) fn device(row: &Row) -> (DeviceId, DeviceClock) {
    let device = DeviceId(row.get("device_id"));
    let counter = row.get::<_, Option<i64>>("last_counter").and_then(|counter| u32::try_from(counter).ok());
    let last_stamp =
        row.get::<_, Option<i64>>("last_ms").zip(counter).map(|(ms, counter)| Stamp { ms, counter, device });
    (device, DeviceClock { last_seq: row.get("last_seq"), last_stamp })
}

pub(in super::super) fn receipt(row: &Row) -> Result<StoredReceipt, Fault> {
    let digest: &[u8] = row.get("digest");
    Ok(StoredReceipt {
        digest: digest.try_into().map_err(|error| damage("a receipt's digest", space(row), error))?,
        receipt: match row.get::<_, Option<Value>>("body") {
            Some(body) => serde_json::from_value(body).map_err(|error| damage("a receipt", space(row), error))?,
            None => expired(row),
        },
    })
}

/// What the row says after the body's time.
fn expired(row: &Row) -> Receipt {
    let span = row.get::<_, Option<i64>>("first_position").zip(row.get("last_position"));
    let positions = span.map(|(first, last)| Positions { first, last });
    let committed = row.get::<_, &str>("status") == "committed";
    Receipt::expired(TransactionId(row.get("transaction_id")), committed, positions)
}

pub(super) fn base(row: &Row) -> Result<(i64, Option<Hash>), Fault> {
    let hash = row.get::<_, Option<&[u8]>>("hash").map(Hash::try_from).transpose();
    Ok((row.get("position"), hash.map_err(|error| damage("an event's hash", space(row), error))?))
}

pub(in super::super) fn entity(kind: Kind, row: &Row) -> Result<Entity, Fault> {
    let mut state: Value = row.get("entity");
    if let (Some(state), Some(days)) = (state.as_object_mut(), row.get::<_, Option<Value>>("days")) {
        state.insert("days".to_owned(), days);
    }
    let id: Uuid = row.get("id");
    Entity::from_row(kind, state).map_err(|error| damage(&format!("{} {id}", kind.name()), space(row), error))
}
