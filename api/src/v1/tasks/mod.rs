//! Tasks of v1: to-dos, goal tasks and habits.

mod change;
mod classify;
mod complete;
mod create;
mod delete;
mod intelligent_create;
mod list;
mod mobile;
mod raw;
mod reset_daily_habits;

pub use change::{change, patch};
pub use complete::{complete_simply, complete_smartly};
pub use create::{create, post};
pub use delete::{delete, remove};
pub use intelligent_create::intelligent_create;
pub use list::list;
pub use mobile::{mobile_complete, mobile_post};
pub use reset_daily_habits::reset_daily_habits;
