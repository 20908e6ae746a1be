//! What happens, in order: one file per use case, and the ports to what is outside. Knows no SQL and no HTTP, spawns
//! nothing.

pub mod analytics;
pub mod change;
pub mod compare;
pub mod cursor;
pub mod erase;
pub mod fault;
pub mod feed;
pub mod identity;
pub mod ledger;
pub mod past;
pub mod rebuild;
pub mod snapshot;
pub mod submit;
pub mod transfer;
pub mod undo;
pub mod verify;
