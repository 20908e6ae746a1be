//! What breaks, breaks here on purpose: servers and databases that are killed, paused and cut off under load. Whatever
//! happens, what was acknowledged is there exactly once and live readers neither miss nor repeat anything.
//!
//! Every test is seeded: `LEVELUP_SEED` sets the seed, a failure prints it, and the same seed makes the same work and
//! the same plan of faults. `LEVELUP_LONG=1` makes the plans longer.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what goes wrong in here fails the test")]

mod answer_cut;
mod breaker;
mod clock_jumps;
mod database_killed;
mod database_paused;
mod erasure_killed;
mod fleet;
mod graceful_stop;
mod listener;
mod nodes;
mod pool_full;
mod progress;
mod proof;
mod refusals;
mod scratch_cluster;
mod script;
mod seed;
mod server_killed;
mod server_restored;
mod writer;
