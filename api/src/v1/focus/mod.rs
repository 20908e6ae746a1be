//! Focus sessions of v1, which calls them pomodoros: on tasks, habits and goals, by whichever of their routes. They share one
//! counter of integer ids, so the id of a goal on a task's route says which is meant, and so does a habit's on either.

mod complete;
mod complete_goal;
mod start;

pub use complete::complete;
pub use complete_goal::complete_goal;
pub use start::start;
