//! What happens, in order: one file per use case, and the ports to what is outside. Knows no SQL and no HTTP, spawns
//! nothing.

pub mod activity;
pub mod analytics;
pub mod audit;
pub mod backup;
pub mod change;
pub mod compare;
pub mod current;
pub mod cursor;
pub mod days;
pub mod erase;
pub mod fault;
pub mod feed;
pub mod flags;
pub mod identity;

pub mod ledger;
pub mod legacy_export;
pub mod legacy_import;
pub mod past;
pub mod rebuild;
pub mod redact;
pub mod replay;
pub mod snapshot;
pub mod submit;
pub mod sync_history;
pub mod transfer;
pub mod undo;
pub mod verify;
