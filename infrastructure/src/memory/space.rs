//! One space in memory: its head, its log, its rows, its receipts and its version vector.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use application::current::CurrentEntity;
use application::fault::Fault;
use application::feed::Life;
use application::ledger::{DeviceClock, Head, NewEvent, StoredReceipt};
use application::verify::Logged;
use domain::chain::{GENESIS, Hash};
use domain::entity::{Entity, EntityRef};
use domain::id::{DeviceId, SpaceId, TransactionId};
use domain::transaction::Positions;
use jiff::civil::Date;
use serde_json::{Map, Value};
use uuid::Uuid;

/// One space.
#[derive(Clone, Debug)]
pub(super) struct Space {
    pub(super) head: Head,
    pub(super) life: Life,
    /// By position, without gaps: the first is at 1.
    pub(super) events: Vec<Arc<NewEvent>>,
    pub(super) rows: BTreeMap<EntityRef, Row>,
    pub(super) receipts: HashMap<TransactionId, Arc<StoredReceipt>>,
    pub(super) devices: HashMap<DeviceId, DeviceClock>,
}

/// An entity as it stands.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) entity: Arc<CurrentEntity>,
    pub(super) row: Arc<Map<String, Value>>,
    pub(super) days: BTreeMap<Date, Value>,
}

/// The head of a log without events.
pub(super) fn empty_head(epoch: Uuid) -> Head {
    Head {
        epoch,
        position: 0,
        hash: GENESIS,
        legacy_next: 1,
        live_entities: 0,
        checksum: 0,
        recorded_at: 0,
        repairs: 0,
    }
}

impl Space {
    pub(super) fn new(epoch: Uuid) -> Self {
        Self {
            head: empty_head(epoch),
            life: Life::default(),
            events: Vec::new(),
            rows: BTreeMap::new(),
            receipts: HashMap::new(),
            devices: HashMap::new(),
        }
    }

    /// The chain's hash at a position; the log begins at 0.
    pub(super) fn hash_at(&self, position: i64) -> Option<Hash> {
        if position == 0 { Some(GENESIS) } else { Some(self.event(position)?.change.hash) }
    }

    /// The event at a position.
    pub(super) fn event(&self, position: i64) -> Option<&Arc<NewEvent>> {
        usize::try_from(position - 1).ok().and_then(|index| self.events.get(index))
    }

    /// The events after a position, at most `rows`.
    pub(super) fn after(&self, position: i64, rows: i64) -> impl Iterator<Item = &Arc<NewEvent>> {
        let skip = usize::try_from(position.max(0)).unwrap_or(usize::MAX);
        self.events.iter().skip(skip).take(usize::try_from(rows).unwrap_or_default())
    }

    /// First and last position of a committed transaction.
    pub(super) fn span(&self, transaction: TransactionId) -> Option<Positions> {
        self.receipts.get(&transaction).and_then(|stored| stored.receipt.positions())
    }

    pub(super) fn logged(&self) -> Result<Vec<Logged>, Fault> {
        self.events.iter().map(|event| self.one_logged(event)).collect()
    }

    fn one_logged(&self, event: &NewEvent) -> Result<Logged, Fault> {
        let json = |text: &str| serde_json::from_str(text).map_err(|error| damage("an event", &error));
        let change = &event.change;
        Ok(Logged {
            position: change.position,
            transaction: change.transaction_id,
            device: change.device_id,
            aggregate_type: change.entity.name().to_owned(),
            aggregate_id: change.id,
            sequence: change.version,
            event_type: event.event_type.clone(),
            event_version: event.event_version.clone(),
            payload: json(&event.payload)?,
            metadata: json(&event.metadata)?,
            recorded_at: change.at,
            payload_hash: event.payload_hash.to_vec(),
            hash: change.hash.to_vec(),
            redacted: false,
            receipt: self.span(change.transaction_id),
        })
    }

    pub(super) fn entities(&self) -> Result<Vec<(EntityRef, Entity)>, Fault> {
        self.rows.iter().map(|(entity, row)| Ok((*entity, row.read(*entity)?))).collect()
    }
}

impl Row {
    /// The entity as its row and days say, without what was remembered beside.
    pub(super) fn read(&self, entity: EntityRef) -> Result<Entity, Fault> {
        let mut row: Map<String, Value> = (*self.row).clone();
        if entity.kind.has_days() {
            let days = self.days.iter().map(|(day, entry)| (day.to_string(), entry.clone()));
            row.insert("days".to_owned(), Value::Object(days.collect()));
        }
        Entity::from_row(entity.kind, stripped(Value::Object(row))).map_err(|error| damage(entity.kind.name(), &error))
    }
}

/// Without fields that are null, as the database hands rows over.
fn stripped(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, stripped(value))).collect())
        }
        Value::Array(members) => Value::Array(members.into_iter().map(stripped).collect()),
        scalar => scalar,
    }
}

/// Nobody reads a space without a head.
pub(super) fn headless(space: SpaceId) -> Fault {
    Fault::Unavailable(format!("space {space} has no head"))
}

fn damage(what: &str, error: &serde_json::Error) -> Fault {
    Fault::Refused(format!("{what} cannot be read: {error}"))
}
