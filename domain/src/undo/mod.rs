//! Undoing: what brings an entity back, by commands like any other. A revert takes back what one transaction did and
//! nobody has changed since; a restore makes an entity what it was at a position. History is never rewritten.

mod kept;
mod life;
mod restore;
mod revert;
#[cfg(test)]
mod tests;
mod totals;
mod touch;

pub use kept::{Kept, Reason, Writer};
pub use life::{Life, Session};
pub use restore::{Steps, steps};
pub use revert::{Past, revert};
pub use totals::{energy, totals};
