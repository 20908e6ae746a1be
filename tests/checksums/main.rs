//! Checksums: the values that every client has to compute, and the proof that honest work never raises a false alarm.
//! `LEVELUP_LONG=1` makes that a million operations; `LEVELUP_SEED` begins with this seed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what goes wrong here fails the test")]

mod honest;
mod vectors;
