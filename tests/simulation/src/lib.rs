//! The simulator: devices with offline queues and wrong clocks, a network that loses and repeats, a server that dies and
//! is restored from backups, all in virtual time and from one seed. After everything is healed it proves that nothing
//! was lost, nothing counted twice, and that all replicas equal the tables and the log.
//!
//! The server's side is the real one: the write path, the feed's and the snapshot's rules, over the ledger's port. Nothing
//! here reads a clock or draws chance, so a seed replays exactly, on either store.

mod agenda;
mod bug;
mod chance;
mod check;
mod device;
mod message;
mod plan;
mod run;
mod scratch;
mod server;
mod shrink;
mod store;
mod tally;
mod trace;
mod trouble;
mod world;

pub use self::bug::Bug;
pub use self::plan::{Plan, Trouble};
pub use self::run::{Failure, Passed, run};
pub use self::scratch::Scratch;
pub use self::shrink::shrink;
pub use self::store::postgres::PostgresStore;
pub use self::store::{MemoryStore, Store, memory};
pub use self::tally::Tally;
