//! The port `application::feed` in memory.

use std::sync::Arc;

use application::fault::Fault;
use application::feed::{Log, Slice};
use domain::id::SpaceId;

use super::MemoryStore;
use super::space::headless;

impl Log for MemoryStore {
    async fn after(&self, space: SpaceId, position: i64, rows: i64) -> Result<Slice, Fault> {
        let state = self.state();
        let found = state.spaces.get(&space).ok_or_else(|| headless(space))?;
        let next = found.event(position + 1);
        Ok(Slice {
            head: found.head.clone(),
            life: found.life,
            hash_before: found.event(position).map(|event| event.change.hash),
            changes: found.after(position, rows).map(|event| Arc::clone(&event.change)).collect(),
            transaction: next.and_then(|event| found.span(event.change.transaction_id)),
        })
    }
}
