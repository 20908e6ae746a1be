//! A ledger in memory for one space. It forgets: now and then an entity is read back from its row, as after a restart.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use application::change::Change;
use application::fault::Fault;
use application::ledger::{Appended, DeviceClock, Head, Ledger, Loaded, Prepared, StoredReceipt, Want};
use application::submit::{share, shown};
use domain::entity::{Entity, EntityRef, Kind};
use domain::id::DeviceId;
use serde_json::{Map, Value};
use uuid::Uuid;

/// One space.
pub(crate) struct Space {
    pub(crate) head: Head,
    pub(crate) entities: BTreeMap<EntityRef, Arc<Entity>>,
    pub(crate) changes: Vec<Arc<Change>>,
    devices: HashMap<DeviceId, DeviceClock>,
    loads: usize,
}

/// The ledger.
pub(crate) struct Memory(pub(crate) Mutex<Space>);

impl Memory {
    pub(crate) fn new() -> Self {
        let head = Head {
            epoch: Uuid::from_u128(1),
            position: 0,
            hash: domain::chain::GENESIS,
            legacy_next: 1,
            live_entities: 0,
            checksum: 0,
            recorded_at: 0,
            repairs: 0,
        };
        let (entities, devices) = (BTreeMap::new(), HashMap::new());
        Self(Mutex::new(Space { head, entities, changes: Vec::new(), devices, loads: 0 }))
    }
}

impl Space {
    /// The sum over all live entities, reckoned from what readers are shown.
    pub(crate) fn recomputed(&self) -> u64 {
        let shares = self.entities.values().map(|entity| share(entity, &shown(entity.kind(), entity.row())));
        shares.fold(0, u64::wrapping_add)
    }

    /// Every live row, as a snapshot tells it.
    pub(crate) fn rows(&self) -> Vec<(Kind, Map<String, Value>)> {
        let live = self.entities.values().filter(|entity| entity.meta().is_live());
        live.map(|entity| (entity.kind(), shown(entity.kind(), entity.row()))).collect()
    }

    fn entity(&mut self, entity: EntityRef) -> Option<Arc<Entity>> {
        self.loads += 1;
        let found = self.entities.get_mut(&entity)?;
        if self.loads.is_multiple_of(5) {
            *found = Arc::new(read_back(found));
        }
        Some(Arc::clone(found))
    }
}

/// The entity as its row and its days have it, with empty columns left out.
fn read_back(entity: &Entity) -> Entity {
    let mut row: Map<String, Value> = entity.row().into_iter().filter(|(_, value)| !value.is_null()).collect();
    if entity.kind().has_days() {
        row.insert("days".to_owned(), serde_json::to_value(entity.days()).unwrap());
    }
    let text = Value::Object(row).to_string();
    let read = Entity::from_row(entity.kind(), serde_json::from_str(&text).unwrap());
    read.unwrap_or_else(|error| panic!("{error}: {text}"))
}

impl Ledger for Memory {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        let mut space = self.0.lock().unwrap();
        let load = |want: &Want| {
            let mut wanted: Vec<EntityRef> = want.entities.iter().chain(&want.created).copied().collect();
            for target in &want.referrers_of {
                let referrers = space.entities.iter().filter(|(_, one)| !one.refers_to(*target).is_empty());
                wanted.extend(referrers.map(|(entity, _)| *entity));
            }
            let entities = wanted.into_iter().map(|entity| (entity, space.entity(entity))).collect();
            let receipts: HashMap<_, StoredReceipt> = HashMap::new();
            Loaded { head: space.head.clone(), devices: space.devices.clone(), receipts, entities }
        };
        Ok(wants.iter().map(load).collect())
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        let mut space = self.0.lock().unwrap();
        for prepared in batch {
            assert_eq!(space.head, prepared.expected);
            space.head = prepared.head.clone();
            space.devices.extend(prepared.devices.clone());
            space.entities.extend(prepared.rows.iter().map(|(entity, row)| (*entity, Arc::clone(&row.entity))));
            space.changes.extend(prepared.events.iter().map(|event| Arc::clone(&event.change)));
        }
        Ok(vec![Appended::Committed; batch.len()])
    }
}
