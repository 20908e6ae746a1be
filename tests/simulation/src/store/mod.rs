//! What a run needs of a store beyond the ports: to forget, to be copied, to be restored, to show its log.

mod memory_store;
pub(crate) mod postgres;

use std::future::Future;

use application::fault::Fault;
use application::feed::Log;
use application::ledger::Ledger;
use application::snapshot::CurrentRows;
use application::verify::Logged;
use domain::id::SpaceId;
use uuid::Uuid;

pub use infrastructure::memory::MemoryStore;

/// An empty store in memory.
pub fn memory() -> MemoryStore {
    MemoryStore::default()
}

/// A store that a run can be on.
pub trait Store: Ledger + Log + CurrentRows {
    /// A copy of one space, as it was.
    type Backup;

    /// The program that used it has died: what it only remembered is gone.
    fn restart(&mut self);

    /// The log of a space begins this life.
    fn begin(&mut self, space: SpaceId, epoch: Uuid) -> impl Future<Output = Result<(), Fault>>;

    /// Copies a space.
    fn backup(&self, space: SpaceId) -> impl Future<Output = Result<Self::Backup, Fault>>;

    /// Makes a space what it was.
    fn restore(&mut self, space: SpaceId, backup: &Self::Backup) -> impl Future<Output = Result<(), Fault>>;

    /// The whole log of a space.
    fn logged(&self, space: SpaceId) -> impl Future<Output = Result<Vec<Logged>, Fault>>;
}
