//! The port `application::ledger` in memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use application::current::CurrentEntity;
use application::fault::Fault;
use application::ledger::{Appended, Ledger, Loaded, Prepared, Want};
use domain::entity::{Entity, EntityRef};

use super::space::Space;
use super::{MemoryStore, State};

impl Ledger for MemoryStore {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        let mut state = self.state();
        let mut seen = HashSet::new();
        if !wants.iter().all(|want| seen.insert(want.space) && !state.erased.contains(&want.space)) {
            let reason = "a space was asked for twice, or has no head, as one that was erased";
            return Err(Fault::Refused(reason.to_owned()));
        }
        wants.iter().map(|want| state.load(want)).collect()
    }

    fn recall(&self, want: &Want) -> Option<Loaded> {
        let mut state = self.state();
        let is_known = state.spaces.contains_key(&want.space);
        is_known.then(|| state.load(want).ok()).flatten()
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        self.state().append(batch)
    }
}

impl State {
    fn load(&mut self, want: &Want) -> Result<Loaded, Fault> {
        let epoch = self.epoch;
        let space = self.spaces.entry(want.space).or_insert_with(|| Space::new(epoch));
        let devices = want.devices.iter().filter_map(|id| Some((*id, *space.devices.get(id)?)));
        let receipts = want.transactions.iter().filter_map(|id| Some((*id, Arc::clone(space.receipts.get(id)?))));
        let bases = want.bases.iter().filter_map(|base| Some((*base, Some(space.hash_at(*base)?))));
        Ok(Loaded {
            bases: bases.collect(),
            head: space.head.clone(),
            devices: devices.collect(),
            receipts: receipts.collect(),
            entities: space.wanted(want)?,
        })
    }
}

impl Space {
    fn wanted(&self, want: &Want) -> Result<HashMap<EntityRef, Option<Arc<CurrentEntity>>>, Fault> {
        let named = want.entities.iter().chain(&want.created).copied();
        let refers = |entity: &Entity| want.referrers_of.iter().any(|target| !entity.refers_to(*target).is_empty());
        let searched = if want.referrers_of.is_empty() { None } else { Some(&self.rows) };
        let referrers = searched.into_iter().flatten().filter(|(_, row)| refers(&row.entity));
        let all = named.chain(referrers.map(|(entity, _)| *entity));
        all.map(|entity| Ok((entity, self.entity(entity, want.fresh)?))).collect()
    }

    /// What is to be fresh is read from its row, as after a restart.
    fn entity(&self, entity: EntityRef, fresh: bool) -> Result<Option<Arc<CurrentEntity>>, Fault> {
        let Some(row) = self.rows.get(&entity) else { return Ok(None) };
        Ok(Some(if fresh { Arc::new(CurrentEntity::new(row.read(entity)?)) } else { Arc::clone(&row.entity) }))
    }
}
