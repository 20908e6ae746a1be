//! Tasks: to-dos, goal tasks and habits.

mod command;
mod compensate;
mod decide;
mod event;
mod import;
mod state;
#[cfg(test)]
mod tests;

pub use command::{Category, TaskCommand, TaskFields, TaskKind};
pub use event::{TaskChange, TaskEvent};
pub use import::{DayTotals, DaysImport, ImportedDay};
pub use state::Task;
