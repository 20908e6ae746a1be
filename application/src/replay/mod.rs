//! Replay: a space or one of its entities, stepped through position by position, two of its positions compared, and what a
//! device can have held at an instant. For those who have to explain what happened; nothing in here writes.
//!
//! Every state is folded from the log, never taken from the current tables. What an answer costs is known before it is read: an
//! entity's events are counted, so one whose history is too long for an answer is told without its state, and the rest with it.

mod affordable;
mod compare;
mod device;
mod difference;
mod port;
mod state;
mod steps;

pub use compare::{Compared, Differing, Pair, compare};
pub use device::{Bound, DeviceThen, Known, device_then};
pub use difference::Change;
pub use port::{DeviceTrace, Replay};
pub use state::{State, Unknown};
pub use steps::{Page, Part, Step, steps};

pub use crate::past::history::moment;

/// Events that are folded for one answer, at most.
pub const FOLDED_MAX: i64 = 100_000;
