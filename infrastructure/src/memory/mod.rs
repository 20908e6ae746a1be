//! The store in memory: the ports of the ledger, the log and the current rows without a database, with the same meaning.
//!
//! It is for simulations and tests that need thousands of stores, or one that can be copied as a backup is. Nothing of it
//! outlives the process; no server runs on it.

mod append;
mod ledger;
mod log;
mod snapshot;
mod space;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::fault::Fault;
use application::feed::Life;
use application::ledger::{DeviceClock, Head};
use application::verify::Logged;
use domain::entity::{Entity, EntityRef};
use domain::id::{DeviceId, SpaceId};
use uuid::Uuid;

use self::space::Space;

/// A store in memory. Clones share it; see [`MemoryStore::copy`] for another.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Debug, Default)]
struct State {
    epoch: Uuid,
    spaces: HashMap<SpaceId, Space>,
    erased: HashSet<SpaceId>,
}

impl MemoryStore {
    /// An empty store whose logs begin with this life.
    pub fn new(epoch: Uuid) -> Self {
        let state = State { epoch, ..State::default() };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// Another store with the same content: a backup, or what a backup is restored into.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { state: Arc::new(Mutex::new(self.state().clone())) }
    }

    /// All logs begin another life, as after a backup was restored.
    pub fn begin_epoch(&self, epoch: Uuid) {
        let mut state = self.state();
        state.epoch = epoch;
        for space in state.spaces.values_mut() {
            space.life = Life { before: Some(space.head.epoch), began: space.head.position, ..space.life };
            space.head.epoch = epoch;
        }
    }

    /// Takes a space away for ever.
    pub fn erase(&self, space: SpaceId) {
        let mut state = self.state();
        state.spaces.remove(&space);
        state.erased.insert(space);
    }

    /// The head of a space, if it was founded.
    pub fn head(&self, space: SpaceId) -> Option<Head> {
        self.state().spaces.get(&space).map(|space| space.head.clone())
    }

    /// The whole log of a space, as an audit reads it.
    ///
    /// # Errors
    /// A stored payload is no JSON.
    pub fn logged(&self, space: SpaceId) -> Result<Vec<Logged>, Fault> {
        self.state().spaces.get(&space).map_or(Ok(Vec::new()), Space::logged)
    }

    /// Every entity of a space, tombstones too, as its row says.
    ///
    /// # Errors
    /// A row is not of its kind's shape.
    pub fn entities(&self, space: SpaceId) -> Result<Vec<(EntityRef, Entity)>, Fault> {
        self.state().spaces.get(&space).map_or(Ok(Vec::new()), Space::entities)
    }

    /// The version vector of a space.
    pub fn devices(&self, space: SpaceId) -> HashMap<DeviceId, DeviceClock> {
        self.state().spaces.get(&space).map(|space| space.devices.clone()).unwrap_or_default()
    }

    /// A lock whose holder panicked guards data that is still whole: every change under it is one step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
