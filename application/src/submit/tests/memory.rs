//! A ledger in memory, for tests of the order of work.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use domain::chain::{GENESIS, Hash};
use domain::entity::EntityRef;
use domain::id::{DeviceId, SpaceId, TransactionId};
use uuid::Uuid;

use crate::change::Change;
use crate::current::CurrentEntity;
use crate::fault::Fault;
use crate::ledger::{Appended, DeviceClock, Head, Ledger, Loaded, Prepared, StoredReceipt, Want};

#[derive(Clone, Default)]
pub(super) struct Space {
    pub(super) head: Option<Head>,
    pub(super) devices: HashMap<DeviceId, DeviceClock>,
    pub(super) receipts: HashMap<TransactionId, Arc<StoredReceipt>>,
    pub(super) entities: HashMap<EntityRef, Arc<CurrentEntity>>,
    pub(super) changes: Vec<Arc<Change>>,
}

#[derive(Default)]
pub(super) struct MemoryLedger {
    pub(super) spaces: Mutex<HashMap<SpaceId, Space>>,
    /// Spaces whose next append is lost.
    pub(super) losing: Mutex<HashSet<SpaceId>>,
    /// Whether everything has to be read.
    pub(super) forgetful: Mutex<bool>,
    pub(super) loads: Mutex<usize>,
    pub(super) appends: Mutex<usize>,
    /// What was kept of refused transactions.
    pub(super) refused: Mutex<Vec<(TransactionId, Arc<str>)>>,
}

pub(super) fn first_head() -> Head {
    Head {
        epoch: Uuid::from_u128(1),
        position: 0,
        hash: GENESIS,
        legacy_next: 1,
        live_entities: 0,
        checksum: 0,
        recorded_at: 0,
        repairs: 0,
    }
}

fn hash_at(changes: &[Arc<Change>], position: i64) -> Option<Hash> {
    match position {
        0 => Some(GENESIS),
        _ => changes.iter().find(|change| change.position == position).map(|change| change.hash),
    }
}

impl MemoryLedger {
    pub(super) fn space(&self, space: SpaceId) -> Space {
        self.spaces.lock().unwrap().get(&space).cloned().unwrap_or_default()
    }

    fn loaded(&self, want: &Want) -> Loaded {
        let space = self.space(want.space);
        let known = |entity: &EntityRef| (*entity, space.entities.get(entity).cloned());
        // It remembers nothing of what is to be created: that is taken to be absent, until the append.
        let mut entities: HashMap<_, _> = want.entities.iter().map(known).collect();
        for target in &want.referrers_of {
            let referrers = space.entities.iter().filter(|(_, entity)| !entity.refers_to(*target).is_empty());
            entities.extend(referrers.map(|(id, entity)| (*id, Some(Arc::clone(entity)))));
        }
        Loaded {
            head: space.head.unwrap_or_else(first_head),
            devices: space.devices,
            receipts: space.receipts,
            entities,
            bases: want.bases.iter().filter_map(|at| Some((*at, Some(hash_at(&space.changes, *at)?)))).collect(),
        }
    }
}

impl Ledger for MemoryLedger {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        *self.loads.lock().unwrap() += 1;
        Ok(wants.iter().map(|want| self.loaded(want)).collect())
    }

    fn recall(&self, want: &Want) -> Option<Loaded> {
        (!*self.forgetful.lock().unwrap()).then(|| self.loaded(want))
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        *self.appends.lock().unwrap() += 1;
        let mut spaces = self.spaces.lock().unwrap();
        let append = |prepared: &Prepared| {
            let space = spaces.entry(prepared.space).or_default();
            let expected = space.head.clone().unwrap_or_else(first_head);
            let exists = |change: &Change| space.entities.contains_key(&EntityRef::new(change.entity, change.id));
            let taken = prepared.events.iter().any(|event| event.change.version == 1 && exists(&event.change));
            if self.losing.lock().unwrap().remove(&prepared.space) || expected != prepared.expected || taken {
                return Appended::Lost;
            }
            space.head = Some(prepared.head.clone());
            space.devices.extend(prepared.devices.clone());
            space.entities.extend(prepared.rows.iter().map(|(id, row)| (*id, Arc::clone(&row.entity))));
            space.changes.extend(prepared.events.iter().map(|event| Arc::clone(&event.change)));
            for new in &prepared.receipts {
                self.refused.lock().unwrap().extend(new.refused.clone().map(|sent| (new.transaction, sent)));
                assert!(
                    space.receipts.insert(new.transaction, Arc::clone(&new.stored)).is_none(),
                    "a receipt is written once"
                );
            }
            Appended::Committed
        };
        Ok(batch.iter().map(append).collect())
    }
}
