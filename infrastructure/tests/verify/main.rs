//! Verify and repair on a real PostgreSQL, over logs that the write path has made.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where")]

mod beside_writers;
mod folds;
mod meanwhile;
mod repair;
mod second_reader;
mod shared;
#[path = "../rebuild/support.rs"]
#[expect(dead_code, reason = "the tests of rebuild use the rest")]
mod support;
mod tampering;
mod walk;
