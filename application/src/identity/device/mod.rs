//! The devices of an account: what they say about themselves, how many there may be, and their keys.

pub(super) mod change;
pub(super) mod claim;
pub(super) mod devices;
pub(super) mod key;
pub(super) mod limit;
pub(super) mod put;
pub(super) mod remove;
pub(super) mod see;
