//! Focus sessions of v1, which calls them pomodoros: on tasks, habits and goals, by whichever of their routes.

mod complete;
mod complete_goal;
mod start;
mod target;

pub use complete::complete;
pub use complete_goal::complete_goal;
pub use start::start;
