//! What happens to a task.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::TaskFields;
use super::import::{DayTotals, DaysImport};
use crate::completion::{Completion, FocusStarted, Focused};
use crate::entity::event_names::event_names;
use crate::entity::{Lifecycle, Recorded, Register};

/// A stored event of a task.
pub type TaskEvent = Recorded<TaskChange>;

/// What happens to a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskChange {
    /// Done, with what that granted and took.
    Completed(Completion),
    /// Undone: exactly what the completion granted goes back, and of its balls those that can still come back.
    Uncompleted(Completion),
    /// Time spent on it.
    Focused(Focused),
    /// A focus session was begun; it changes nothing.
    FocusStarted(FocusStarted),
    /// Days of the habit, done elsewhere, joined it.
    DaysImported(DaysImport),
    /// Days of the habit are what they were before an import, or again what it made them: by so much more or less.
    DaysSetRight(DayTotals),
    /// That session is taken back.
    Unfocused(Focused),
    /// Created, edited, deleted, restored.
    #[serde(untagged)]
    Lifecycle(Lifecycle<TaskFields>),
}

impl TaskChange {
    /// The local days whose entries it changes (of a habit).
    pub fn days(&self) -> Vec<Date> {
        match self {
            Self::Completed(done) | Self::Uncompleted(done) => vec![done.day],
            Self::Focused(focused) | Self::Unfocused(focused) => vec![focused.day],
            Self::DaysImported(import) => import.days.iter().map(|imported| imported.day).collect(),
            Self::DaysSetRight(totals) => totals.days.iter().map(|tally| tally.day).collect(),
            Self::Lifecycle(Lifecycle::Reaffirmed(reaffirmed)) => match reaffirmed.register {
                Register::Day(day) => vec![day],
                _ => Vec::new(),
            },
            Self::FocusStarted(_) | Self::Lifecycle(_) => Vec::new(),
        }
    }
}

event_names!(TaskChange, Task {
    Completed = "completed";
    Uncompleted = "uncompleted";
    Focused = "focused";
    FocusStarted = "focus_started";
    DaysImported = "days_imported";
    DaysSetRight = "days_set_right";
    Unfocused = "unfocused";
} Lifecycle);
