//! Rebuild and verify on a real PostgreSQL, over logs that the write path has made.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where")]

mod alone;
mod damage;
mod held;
mod killed;
mod live;
mod meanwhile;
mod repair;
mod support;
mod versions;
