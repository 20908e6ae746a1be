//! Tasks of v1: to-dos, goal tasks and habits.

mod list;

pub use list::list;
