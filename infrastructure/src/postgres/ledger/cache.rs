//! What the store remembers: heads, entities, devices and recent receipts, bounded in bytes.
//!
//! Entities are kept under the *generation* of their space's head. A space that is forgotten gets another generation
//! when it is next loaded, so nothing of the old one is ever found again; it ages out.
//!
//! A write remembers four things and looks up as many, so what this costs is part of what every command costs.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use application::current::CurrentEntity;
use application::ledger::{DeviceClock, Head, Loaded, Prepared, StoredReceipt, Want};
use domain::chain::{GENESIS, Hash};
use domain::entity::{EntityRef, Kind};
use domain::id::{DeviceId, SpaceId, TransactionId};
use domain::transaction::Verdict;
use metrics::counter;
use quick_cache::Weighter;
use quick_cache::sync::Cache as Memory;

use crate::metric_names::ENTITY_MEMORY_LOOKUPS_TOTAL;

/// Spaces whose heads are remembered.
const SPACES_MAX: usize = 100_000;
/// Bytes of receipts that are remembered, for the retry of a lost answer: of some 50 000 with one command each.
const RECEIPTS_BYTES_MAX: u64 = 24 * 1_024 * 1_024;
/// Hashes at positions that writers had read up to, mostly ends of recent transactions.
const BASES_MAX: usize = 100_000;
/// What an entity is taken to weigh with what is shown of it, each of its days beside, and its texts as often as they are held.
const ENTITY_BYTES: usize = 6_144;
const DAY_BYTES: usize = 160;
const TEXTS_HELD: usize = 2;
/// What a receipt is taken to weigh, with each of its results, notices and refused fields beside.
const RECEIPT_BYTES: usize = 320;
const RESULT_BYTES: usize = 160;

#[derive(Clone, Debug)]
struct Space {
    generation: u64,
    head: Head,
    devices: HashMap<DeviceId, DeviceClock>,
}

/// The memory.
#[derive(Debug)]
pub(super) struct Cache {
    spaces: Memory<SpaceId, Arc<Space>>,
    entities: Memory<(SpaceId, u64, EntityRef), Option<Arc<CurrentEntity>>, EntityBytes>,
    receipts: Memory<(SpaceId, TransactionId), Arc<StoredReceipt>, ReceiptBytes>,
    bases: Memory<(SpaceId, u64, i64), Option<Hash>>,
    generations: AtomicU64,
}

#[derive(Clone, Copy, Debug)]
struct EntityBytes;

#[derive(Clone, Copy, Debug)]
struct ReceiptBytes;

/// What was wanted of a space, what is known of that, and under which generation.
#[derive(Clone, Debug)]
pub(super) struct Remembered {
    pub(super) want: Want,
    pub(super) generation: u64,
    pub(super) head: Option<Head>,
    pub(super) devices: HashMap<DeviceId, DeviceClock>,
    pub(super) receipts: HashMap<TransactionId, Arc<StoredReceipt>>,
    pub(super) entities: HashMap<EntityRef, Option<Arc<CurrentEntity>>>,
    pub(super) missing_entities: Vec<EntityRef>,
    pub(super) missing_devices: Vec<DeviceId>,
    pub(super) missing_receipts: Vec<TransactionId>,
    pub(super) bases: HashMap<i64, Option<Hash>>,
    pub(super) missing_bases: Vec<i64>,
}

impl Cache {
    pub(super) fn new(bytes_max: u64) -> Self {
        let fit = |bytes: u64, each: usize| usize::try_from(bytes).unwrap_or(usize::MAX) / each;
        let (entities, receipts) = (fit(bytes_max, ENTITY_BYTES), fit(RECEIPTS_BYTES_MAX, RECEIPT_BYTES));
        Self {
            spaces: Memory::new(SPACES_MAX),
            entities: Memory::with_weighter(entities, bytes_max, EntityBytes),
            receipts: Memory::with_weighter(receipts, RECEIPTS_BYTES_MAX, ReceiptBytes),
            bases: Memory::new(BASES_MAX),
            generations: AtomicU64::new(1),
        }
    }

    /// What is remembered of what is wanted. Without the head nothing is: the rest may be of another position.
    pub(super) fn recall(&self, want: &Want) -> Remembered {
        let space = self.spaces.get(&want.space);
        let mut known = Remembered {
            want: want.clone(),
            generation: space
                .as_ref()
                .map_or_else(|| self.generations.fetch_add(1, Ordering::Relaxed), |s| s.generation),
            head: space.as_ref().map(|space| space.head.clone()),
            devices: HashMap::new(),
            receipts: HashMap::new(),
            entities: HashMap::new(),
            missing_entities: Vec::new(),
            missing_devices: Vec::new(),
            missing_receipts: Vec::new(),
            bases: HashMap::from([(0, Some(GENESIS))]),
            missing_bases: Vec::new(),
        };
        match &space {
            Some(space) => self.recall_warm(want, space, &mut known),
            None => {
                known.missing_entities.extend(want.entities.iter().chain(&want.created));
                known.missing_devices.extend(&want.devices);
                known.missing_receipts.extend(&want.transactions);
                known.missing_bases.extend(want.bases.iter().filter(|position| **position > 0));
            }
        }
        known
    }

    fn recall_warm(&self, want: &Want, space: &Space, known: &mut Remembered) {
        for entity in want.entities.iter().chain(&want.created) {
            match self.entities.get(&(want.space, space.generation, *entity)) {
                Some(found) => {
                    known.entities.insert(*entity, found);
                }
                // What is to be created is taken to be absent; the append is lost if it is not.
                None if want.created.contains(entity) => {
                    known.entities.insert(*entity, None);
                }
                None => known.missing_entities.push(*entity),
            }
        }
        for device in &want.devices {
            match space.devices.get(device) {
                Some(clock) => {
                    known.devices.insert(*device, *clock);
                }
                None => known.missing_devices.push(*device),
            }
        }
        for position in want.bases.iter().filter(|position| **position > 0) {
            match self.base(want.space, space, *position) {
                Some(found) => drop(known.bases.insert(*position, found)),
                // Beyond the head there is nothing to be found, or another node wrote it.
                None if *position > space.head.position => {}
                None => known.missing_bases.push(*position),
            }
        }
        // A receipt that is not remembered is taken not to exist; the append is lost if it does.
        for transaction in &want.transactions {
            if let Some(receipt) = self.receipts.get(&(want.space, *transaction)) {
                known.receipts.insert(*transaction, receipt);
            }
        }
    }

    fn base(&self, id: SpaceId, space: &Space, position: i64) -> Option<Option<Hash>> {
        let at_head = (position == space.head.position).then_some(Some(space.head.hash));
        at_head.or_else(|| self.bases.get(&(id, space.generation, position)))
    }

    /// Remembers what was loaded.
    pub(super) fn learn(&self, known: &Remembered) {
        let Some(head) = &known.head else { return };
        let mut devices = self.spaces.get(&known.want.space).map(|space| space.devices.clone()).unwrap_or_default();
        devices.extend(&known.devices);
        let space = Space { generation: known.generation, head: head.clone(), devices };
        self.spaces.insert(known.want.space, Arc::new(space));
        for (position, hash) in &known.bases {
            self.bases.insert((known.want.space, known.generation, *position), *hash);
        }
        for (entity, state) in &known.entities {
            if state.is_some() {
                self.entities.insert((known.want.space, known.generation, *entity), state.clone());
            }
        }
    }

    /// Takes over what was committed, if this is the head that it was decided on.
    pub(super) fn committed(&self, prepared: &Prepared) {
        let Some(space) = self.spaces.get(&prepared.space) else { return };
        if space.head != prepared.expected {
            return self.forget(prepared.space);
        }
        let mut devices = space.devices.clone();
        devices.extend(&prepared.devices);
        let next = Space { generation: space.generation, head: prepared.head.clone(), devices };
        for (entity, row) in &prepared.rows {
            let key = (prepared.space, space.generation, *entity);
            self.entities.insert(key, Some(Arc::clone(&row.entity)));
        }
        for new in &prepared.receipts {
            self.receipts.insert((prepared.space, new.transaction), Arc::clone(&new.stored));
        }
        for end in prepared.ends() {
            self.bases.insert((prepared.space, space.generation, end.position), Some(end.hash));
        }
        self.spaces.insert(prepared.space, Arc::new(next));
    }

    /// Forgets every receipt: some say what they do not say in the store any more. That is seldom, and they are read again.
    pub(super) fn forget_receipts(&self) {
        self.receipts.clear();
    }

    /// Bytes of entities, as they are taken to weigh.
    pub(super) fn bytes(&self) -> u64 {
        self.entities.weight()
    }

    /// Whether a space is remembered from before a position.
    pub(super) fn is_behind(&self, space: SpaceId, position: i64) -> bool {
        self.spaces.get(&space).is_some_and(|space| space.head.position < position)
    }

    /// Forgets a space.
    pub(super) fn forget(&self, space: SpaceId) {
        self.spaces.remove(&space);
    }
}

impl Weighter<(SpaceId, u64, EntityRef), Option<Arc<CurrentEntity>>> for EntityBytes {
    fn weight(&self, _: &(SpaceId, u64, EntityRef), entity: &Option<Arc<CurrentEntity>>) -> u64 {
        weight(entity.as_deref())
    }
}

impl Weighter<(SpaceId, TransactionId), Arc<StoredReceipt>> for ReceiptBytes {
    fn weight(&self, _: &(SpaceId, TransactionId), stored: &Arc<StoredReceipt>) -> u64 {
        let results = match &stored.receipt.verdict {
            Verdict::Committed { results, .. } => results.len(),
            Verdict::Rejected { problem } | Verdict::Deferred { problem } => problem.errors.len(),
        };
        (RECEIPT_BYTES + (results + stored.receipt.notices.len()) * RESULT_BYTES) as u64
    }
}

/// What is remembered of an entity, in bytes.
fn weight(entity: Option<&CurrentEntity>) -> u64 {
    let beside =
        entity.map_or(0, |entity| entity.days().len() * DAY_BYTES + entity.text_bytes().saturating_mul(TEXTS_HELD));
    ENTITY_BYTES.saturating_add(beside) as u64
}

impl Remembered {
    /// Counts which of the wanted entities are remembered. Called before the others are loaded.
    pub(super) fn count(&self) {
        let missing = self.missing_entities.len();
        counter!(ENTITY_MEMORY_LOOKUPS_TOTAL, "outcome" => "hit").increment(self.entities.len() as u64);
        counter!(ENTITY_MEMORY_LOOKUPS_TOTAL, "outcome" => "miss").increment(missing as u64);
    }

    /// Whether nothing has to be asked for.
    pub(super) fn is_complete(&self) -> bool {
        self.head.is_some()
            && self.missing_entities.is_empty()
            && self.missing_devices.is_empty()
            && self.missing_bases.is_empty()
            && self.want.referrers_of.is_empty()
    }

    /// The missing entities of a kind.
    pub(super) fn missing(&self, kind: Kind) -> impl Iterator<Item = &EntityRef> {
        self.missing_entities.iter().filter(move |entity| entity.kind == kind)
    }

    /// The answer: what was asked for and not found never existed.
    pub(super) fn loaded(mut self) -> Option<Loaded> {
        for entity in &self.missing_entities {
            self.entities.entry(*entity).or_insert(None);
        }
        let (devices, receipts, entities, bases) = (self.devices, self.receipts, self.entities, self.bases);
        Some(Loaded { head: self.head?, devices, receipts, entities, bases })
    }
}

#[cfg(test)]
mod tests {
    use domain::entity::Entity;
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_long_text_weighs_what_it_takes() {
        let mut row = Entity::absent(Kind::Task).row();
        let weighed = |row: &serde_json::Map<String, Value>| {
            let entity = Entity::from_row(Kind::Task, Value::Object(row.clone())).unwrap();
            weight(Some(&CurrentEntity::new(entity)))
        };
        row.insert("description".to_owned(), "short".into());
        let short = weighed(&row);
        row.insert("description".to_owned(), "x".repeat(10_005).into());
        assert_eq!(weighed(&row) - short, 20_000);
        assert!(weight(None) >= 6_144);
    }
}
