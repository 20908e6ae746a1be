//! The API, version 2: one file per resource; a handler parses, calls and answers.

pub mod activity;
pub mod audit;
pub mod auth;
pub mod changes;
pub mod checksums;
pub mod days;
pub mod entities;
pub mod etag;
pub mod events;
pub mod export;
pub mod feed;
pub mod flags;
pub mod import;
pub mod noting;
pub mod parameters;
pub mod rejections;
pub mod snapshot;
pub mod stream;
pub mod sync_history;
pub mod transactions;
pub mod undo;
pub mod write;
