//! The working set of one space while its transactions are decided: what was loaded, and what earlier transactions of
//! the same group made of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::mem::{replace, take};
use std::sync::Arc;

use domain::chain;
use domain::entity::{Entity, EntityRef};
use domain::id::{DeviceId, SpaceId, TransactionId};
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::current::CurrentEntity;
use crate::ledger::{DeviceClock, Head, Loaded, NewEvent, NewReceipt, NewRow, Prepared, StoredReceipt, Want};

/// What has to be loaded before a transaction can be decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) entities: BTreeSet<EntityRef>,
    pub(super) referrers_of: BTreeSet<EntityRef>,
}

/// An entity as a transaction left it, with its row.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) entity: Arc<CurrentEntity>,
    pub(super) row: Arc<Map<String, Value>>,
}

/// One space while its transactions are decided.
#[derive(Debug)]
pub(super) struct Working {
    pub(super) space: SpaceId,
    pub(super) expected: Head,
    pub(super) head: Head,
    pub(super) devices: HashMap<DeviceId, DeviceClock>,
    pub(super) receipts: HashMap<TransactionId, Arc<StoredReceipt>>,
    pub(super) bases: HashMap<i64, Option<chain::Hash>>,
    /// Whether nothing remembered was used.
    pub(super) fresh: bool,
    pub(super) entities: HashMap<EntityRef, Option<Arc<CurrentEntity>>>,
    /// What was taken to be absent because a transaction creates it. Only the append of that creation proves it.
    pub(super) assumed: BTreeSet<EntityRef>,
    pub(super) referrers_known: HashSet<EntityRef>,
    pub(super) changed: BTreeMap<EntityRef, (Held, BTreeSet<Date>)>,
    pub(super) events: Vec<NewEvent>,
    pub(super) new_receipts: Vec<NewReceipt>,
    pub(super) wrote: BTreeSet<DeviceId>,
}

impl Held {
    pub(super) fn of(entity: Entity) -> Self {
        let (entity, row) = CurrentEntity::with_row(entity);
        Self { entity: Arc::new(entity), row: Arc::new(row) }
    }
}

impl Working {
    pub(super) fn new(want: &Want, loaded: Loaded) -> Self {
        let mut working = Self {
            space: want.space,
            expected: loaded.head.clone(),
            head: loaded.head,
            devices: loaded.devices,
            receipts: loaded.receipts,
            bases: loaded.bases,
            fresh: want.fresh,
            entities: loaded.entities,
            assumed: want.created.clone(),
            referrers_known: HashSet::new(),
            changed: BTreeMap::new(),
            events: Vec::new(),
            new_receipts: Vec::new(),
            wrote: BTreeSet::new(),
        };
        working.referrers_known.extend(&want.referrers_of);
        working
    }

    /// What is taken to be absent is so to the transaction that creates it, and unknown to others: that transaction may
    /// be a repeat, refused or put off, and then nothing proves the absence.
    pub(super) fn assume(&mut self, created: &BTreeSet<EntityRef>) {
        for entity in &self.assumed {
            if created.contains(entity) {
                self.entities.entry(*entity).or_insert(None);
            } else if self.entities.get(entity).is_some_and(Option::is_none) {
                self.entities.remove(entity);
            }
        }
    }

    /// Adds what was loaded later. It is of the same log position, or the append will lose. What is known already stays: it may
    /// be newer than what the store knows.
    pub(super) fn add(&mut self, want: &Want, loaded: Loaded) {
        for (entity, state) in loaded.entities {
            self.assumed.remove(&entity);
            self.entities.entry(entity).or_insert(state);
        }
        self.assumed.extend(&want.created);
        fill(&mut self.devices, loaded.devices);
        fill(&mut self.receipts, loaded.receipts);
        fill(&mut self.bases, loaded.bases);
        self.referrers_known.extend(&want.referrers_of);
    }

    /// What of it is not known yet.
    pub(super) fn unknown(&self, mut want: Want) -> Want {
        want.transactions.retain(|transaction| !self.receipts.contains_key(transaction));
        want.devices.retain(|device| !self.devices.contains_key(device));
        want.entities.retain(|entity| self.entity(*entity).is_none());
        want.created.retain(|entity| self.entity(*entity).is_none());
        want.referrers_of.retain(|entity| !self.referrers_known.contains(entity));
        want.bases.retain(|position| !self.bases.contains_key(position));
        want
    }

    /// The entity as it stands: `None` if it is not loaded, `Some(None)` if it never existed.
    pub(super) fn entity(&self, entity: EntityRef) -> Option<Option<&Arc<CurrentEntity>>> {
        if let Some((held, _)) = self.changed.get(&entity) {
            return Some(Some(&held.entity));
        }
        self.entities.get(&entity).map(Option::as_ref)
    }

    /// Every loaded entity as it stands.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<CurrentEntity>> {
        let unchanged = self.entities.iter().filter(|(entity, _)| !self.changed.contains_key(entity));
        unchanged.filter_map(|(_, entity)| entity.as_ref()).chain(self.changed.values().map(|(held, _)| &held.entity))
    }

    /// Whether anything is to be written.
    pub(super) fn is_empty(&self) -> bool {
        self.new_receipts.is_empty()
    }

    /// Everything that is to be written. What comes later is decided as if it were. What was cut off before is durable by now,
    /// so that its receipts are for the store to tell, which may have taken something out of them.
    pub(super) fn cut(&mut self) -> Prepared {
        let checksummed = |(entity, (held, days)): (EntityRef, (Held, BTreeSet<Date>))| {
            let mut row = Arc::unwrap_or_clone(held.row);
            row.insert("checksum".to_owned(), Value::from(held.entity.share().cast_signed()));
            (entity, NewRow { entity: held.entity, row, days })
        };
        let devices = take(&mut self.wrote).into_iter();
        let devices = devices.map(|id| (id, self.devices.get(&id).copied().unwrap_or_default())).collect();
        let prepared = Prepared {
            space: self.space,
            expected: replace(&mut self.expected, self.head.clone()),
            head: self.head.clone(),
            devices,
            events: take(&mut self.events),
            rows: take(&mut self.changed).into_iter().map(checksummed).collect(),
            receipts: take(&mut self.new_receipts),
        };
        let written = prepared.rows.iter().map(|(entity, row)| (*entity, Some(Arc::clone(&row.entity))));
        self.entities.extend(written);
        let mut known = take(&mut self.receipts);
        self.receipts = prepared.receipts.iter().filter_map(|new| known.remove_entry(&new.transaction)).collect();
        self.bases.extend(prepared.ends().map(|end| (end.position, Some(end.hash))));
        prepared
    }
}

/// Takes over what is not known yet.
fn fill<K: Eq + Hash, V>(known: &mut HashMap<K, V>, loaded: HashMap<K, V>) {
    for (key, value) in loaded {
        known.entry(key).or_insert(value);
    }
}
