//! Milestones of v1, the steps to a goal.

mod create;
mod edit;
mod room;

pub use create::create;
pub use edit::edit;
