//! Milestones: the steps of a goal.

mod command;
mod compensate;
mod decide;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::{MilestoneCommand, MilestoneFields};
pub use event::{MilestoneChange, MilestoneEvent, Ticked};
pub use state::Milestone;
