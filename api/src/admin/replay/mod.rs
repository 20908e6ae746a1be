//! Replay for support: what happened in a space, step by step. Whoever looks is logged before anything is shown, and the
//! account can read it.

pub mod compare;
pub mod device;
mod look;
mod moment;
pub mod steps;
pub mod wire;

pub(crate) use moment::entity_of;
