//! Tasks of v1: to-dos, goal tasks and habits.

mod list;
mod stand_in;

pub use list::list;
pub use stand_in::{change, create, delete};
