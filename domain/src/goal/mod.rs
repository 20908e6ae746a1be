//! Goals: what tasks and milestones serve.

mod command;
mod compensate;
mod decide;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::{GoalCommand, GoalFields, GoalStatus, Priority};
pub use event::{Counted, GoalChange, GoalEvent};
pub use state::Goal;
