//! The port to the store, batch-shaped: load, append, receipts, log pages.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::sync::Arc;

use domain::activity::Activity;
use domain::chain::Hash;
use domain::entity::EntityRef;
use domain::id::{DeviceId, SpaceId, TransactionId};
use domain::stamp::Stamp;
use domain::transaction::Receipt;
use jiff::civil::Date;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::change::Change;
use crate::current::CurrentEntity;
use crate::fault::Fault;

/// The head of a space's log: the counter, the version and, at the write, the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The life of the log.
    pub epoch: Uuid,
    /// The last position.
    pub position: i64,
    /// The chain's hash there.
    pub hash: Hash,
    /// The next integer id for API v1.
    pub legacy_next: i64,
    /// Entities that are not deleted.
    pub live_entities: i64,
    /// The sum of the checksums of live entities, mod 2^64.
    pub checksum: u64,
    /// When the last event was recorded, Unix ms.
    pub recorded_at: i64,
    /// Repairs of the projections so far: a repaired row makes every cached one doubtful.
    pub repairs: i64,
}

/// What the space knows of a device: its row of the version vector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceClock {
    /// The last `device_seq`.
    pub last_seq: Option<i64>,
    /// The last stamp.
    pub last_stamp: Option<Stamp>,
}

/// What has to be known of a space before its transactions can be decided.
#[derive(Clone, Debug, Default)]
pub struct Want {
    /// The space.
    pub space: SpaceId,
    /// Transactions whose receipts may exist.
    pub transactions: BTreeSet<TransactionId>,
    /// Devices that write.
    pub devices: BTreeSet<DeviceId>,
    /// Entities by kind and id.
    pub entities: BTreeSet<EntityRef>,
    /// Entities that are to be created: when the rest of the space is known, they are taken to be absent, and the
    /// append is lost if one is not.
    pub created: BTreeSet<EntityRef>,
    /// Entities whose referrers have to be known, all of them.
    pub referrers_of: BTreeSet<EntityRef>,
    /// Positions that the writers had read up to, whose hashes are to be compared.
    pub bases: BTreeSet<i64>,
    /// Nothing remembered may be used: an append was lost.
    pub fresh: bool,
}

/// A stored receipt.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredReceipt {
    /// The digest of the content that it answers.
    pub digest: [u8; 32],
    /// The answer.
    pub receipt: Receipt,
}

/// What the store knows, at one position of the space.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The head.
    pub head: Head,
    /// The wanted devices; those that never wrote have a default clock.
    pub devices: HashMap<DeviceId, DeviceClock>,
    /// Receipts that exist.
    pub receipts: HashMap<TransactionId, Arc<StoredReceipt>>,
    /// Wanted entities and referrers; `None` never existed.
    pub entities: HashMap<EntityRef, Option<Arc<CurrentEntity>>>,
    /// The chain's hash at the wanted bases: `None` is archived and cannot be compared; one that is not here is of no event.
    pub bases: HashMap<i64, Option<Hash>>,
}

/// An event to be stored.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// What readers of the feed are told; position, transaction, device, entity and times are those of the event.
    pub change: Arc<Change>,
    /// Type of event.
    pub event_type: String,
    /// Version of its shape.
    pub event_version: String,
    /// Canonical text of the payload.
    pub payload: String,
    /// Canonical text of the metadata: a flat map of strings.
    pub metadata: String,
    /// SHA-256 of the payload.
    pub payload_hash: Hash,
    /// What a log page shows of it.
    pub activity: Option<Activity>,
}

/// A receipt to be stored.
#[derive(Clone, Debug)]
pub struct NewReceipt {
    /// Whose.
    pub transaction: TransactionId,
    /// By which device.
    pub device: DeviceId,
    /// What is kept of it, shared with whoever remembers it.
    pub stored: Arc<StoredReceipt>,
    /// What was sent, as canonical text; of refused transactions only.
    pub refused: Option<Arc<str>>,
}

/// An entity as an append leaves it.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// The entity.
    pub entity: Arc<CurrentEntity>,
    /// Its row, with checksum.
    pub row: Map<String, Value>,
    /// The days that changed.
    pub days: BTreeSet<Date>,
}

/// Everything that one space's part of a group append writes.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The space.
    pub space: SpaceId,
    /// The head that it was decided on.
    pub expected: Head,
    /// The head that it makes.
    pub head: Head,
    /// Events, in order.
    pub events: Vec<NewEvent>,
    /// Entities that changed.
    pub rows: BTreeMap<EntityRef, NewRow>,
    /// Receipts, in order.
    pub receipts: Vec<NewReceipt>,
    /// Devices that wrote.
    pub devices: BTreeMap<DeviceId, DeviceClock>,
}

impl Prepared {
    /// The last change of each transaction: where readers will stand.
    pub fn ends(&self) -> impl Iterator<Item = &Change> {
        let changes = || self.events.iter().map(|event| &*event.change);
        let next = changes().skip(1).map(|change| Some(change.transaction_id)).chain([None]);
        changes().zip(next).filter(|(change, next)| *next != Some(change.transaction_id)).map(|(change, _)| change)
    }
}

/// What became of one space's part of a group append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// Durable.
    Committed,
    /// Another writer was first, or holds the head; nothing of this space was written.
    Lost,
}

/// The store.
pub trait Ledger: Send + Sync {
    /// Loads what is wanted, in the order of `wants`. A space without a head gets one, at position 0.
    fn load(&self, wants: Vec<Want>) -> impl Future<Output = Result<Vec<Loaded>, Fault>> + Send;

    /// What is wanted, if all of it is remembered; nothing is read. A store that remembers nothing has none.
    fn recall(&self, _want: &Want) -> Option<Loaded> {
        None
    }

    /// Writes all spaces' parts with one commit; answers in their order. A space that lost does not hinder the others.
    ///
    /// # Errors
    /// `Unknown` if the answer was lost; otherwise nothing was written.
    fn append(&self, batch: &[Prepared]) -> impl Future<Output = Result<Vec<Appended>, Fault>> + Send;
}
