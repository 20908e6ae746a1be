//! A store that keeps of each space only what the next decision needs, and gives everything else away as rows to be copied: so
//! that a log is decided by the real write path, and stored as fast as PostgreSQL can take it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::current::CurrentEntity;
use application::fault::Fault;
use application::ledger::{Appended, DeviceClock, Head, Ledger, Loaded, Prepared, Want};
use domain::chain::GENESIS;
use domain::entity::{Entity, EntityRef};
use domain::id::{DeviceId, SpaceId};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::rows::Rows;

/// A space while its life is made.
#[derive(Debug)]
pub(super) struct Draft {
    /// Its head.
    pub(super) head: Head,
    /// Its version vector.
    pub(super) devices: HashMap<DeviceId, DeviceClock>,
    /// Its entities, each with its row.
    pub(super) entities: BTreeMap<EntityRef, (Arc<CurrentEntity>, Map<String, Value>)>,
}

/// The spaces that are being made, and the rows that are ready.
#[derive(Debug)]
pub(super) struct Drafts {
    epoch: Uuid,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    spaces: HashMap<SpaceId, Draft>,
    rows: Rows,
}

impl Drafts {
    /// Nothing yet, in this life of the database.
    pub(super) fn new(epoch: Uuid, rows: Rows) -> Self {
        Self { epoch, state: Mutex::new(State { spaces: HashMap::new(), rows }) }
    }

    /// How long the log of a space is.
    pub(super) fn position(&self, space: SpaceId) -> i64 {
        self.state().spaces.get(&space).map_or(0, |draft| draft.head.position)
    }

    /// The life of this space is made: what it came to is ready, too.
    pub(super) fn finish(&self, space: SpaceId) {
        let mut state = self.state();
        if let Some(draft) = state.spaces.remove(&space) {
            state.rows.space(space, &draft);
        }
    }

    /// Works with the rows that are ready.
    pub(super) fn rows<T>(&self, work: impl FnOnce(&mut Rows) -> T) -> T {
        work(&mut self.state().rows)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for Drafts {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        let (mut state, epoch) = (self.state(), self.epoch);
        Ok(wants
            .iter()
            .map(|want| state.spaces.entry(want.space).or_insert_with(|| Draft::new(epoch)).load(want))
            .collect())
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        let mut state = self.state();
        for prepared in batch {
            state.rows.prepared(prepared);
            if let Some(draft) = state.spaces.get_mut(&prepared.space) {
                draft.take(prepared);
            }
        }
        Ok(vec![Appended::Committed; batch.len()])
    }
}

impl Draft {
    fn new(epoch: Uuid) -> Self {
        let head = Head {
            epoch,
            position: 0,
            hash: GENESIS,
            legacy_next: 1,
            live_entities: 0,
            checksum: 0,
            recorded_at: 0,
            repairs: 0,
        };
        Self { head, devices: HashMap::new(), entities: BTreeMap::new() }
    }

    fn load(&self, want: &Want) -> Loaded {
        let known = |entity: &EntityRef| self.entities.get(entity).map(|(state, _)| Arc::clone(state));
        let named = want.entities.iter().chain(&want.created).map(|entity| (*entity, known(entity)));
        let refers = |state: &Entity| want.referrers_of.iter().any(|target| !state.refers_to(*target).is_empty());
        let searched = if want.referrers_of.is_empty() { None } else { Some(&self.entities) };
        let found = searched.into_iter().flatten().filter(|(_, (state, _))| refers(state));
        let found = found.map(|(entity, (state, _))| (*entity, Some(Arc::clone(state))));
        Loaded {
            head: self.head.clone(),
            devices: self.devices.clone(),
            receipts: HashMap::new(),
            entities: named.chain(found).collect(),
            bases: HashMap::from([(0, Some(GENESIS))]),
        }
    }

    fn take(&mut self, prepared: &Prepared) {
        self.head = prepared.head.clone();
        self.devices.extend(&prepared.devices);
        for (entity, new) in &prepared.rows {
            self.entities.insert(*entity, (Arc::clone(&new.entity), new.row.clone()));
        }
    }
}
