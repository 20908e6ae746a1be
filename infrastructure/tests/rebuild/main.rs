//! Rebuild and verify on a real PostgreSQL, over logs that the write path has made.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where")]

mod damage;
mod killed;
mod live;
mod repair;
mod support;
