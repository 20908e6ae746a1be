//! PostgreSQL, the only store: the connections and the schema; the statements live in `sql/`, one a file.

pub mod activity;
pub mod audit_log;
pub mod backup;
pub mod catalog;
pub mod compare;
pub mod dead_letters;
pub mod directory;
pub mod fault;
pub mod imports;
pub mod ledger;
pub mod log;
pub mod log_copy;
pub mod measures;
pub mod migrations;
pub mod node_notes;
pub mod past;
pub mod pool;
pub mod readiness;
pub mod rebuild;
pub mod redact;
pub mod rejections;
pub mod rows;
pub mod signing_keys;
pub mod snapshot;
pub mod sync_history;
pub mod verify;
