//! Runs on the store in memory.

use application::fault::Fault;
use application::verify::Logged;
use domain::id::SpaceId;
use infrastructure::memory::MemoryStore;
use uuid::Uuid;

use super::Store;

impl Store for MemoryStore {
    type Backup = Self;

    fn restart(&mut self) {}

    async fn begin(&mut self, _space: SpaceId, epoch: Uuid) -> Result<(), Fault> {
        self.begin_epoch(epoch);
        Ok(())
    }

    async fn backup(&self, _space: SpaceId) -> Result<Self, Fault> {
        Ok(self.copy())
    }

    async fn restore(&mut self, _space: SpaceId, backup: &Self) -> Result<(), Fault> {
        *self = backup.copy();
        Ok(())
    }

    async fn logged(&self, space: SpaceId) -> Result<Vec<Logged>, Fault> {
        Self::logged(self, space)
    }
}
