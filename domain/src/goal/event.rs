//! What happens to a goal.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::GoalFields;
use crate::completion::{Completion, FocusStarted, Focused};
use crate::entity::event_names::event_names;
use crate::entity::{Lifecycle, Recorded};

/// A stored event of a goal.
pub type GoalEvent = Recorded<GoalChange>;

/// What happens to a goal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalChange {
    /// Reached, with what that granted.
    Completed(Completion),
    /// Not reached after all: exactly what completing granted goes back.
    Reopened(Completion),
    /// Time spent on it.
    Focused(Focused),
    /// A focus session was begun; it changes nothing.
    FocusStarted(FocusStarted),
    /// That session is taken back.
    Unfocused(Focused),
    /// Its milestones changed.
    Counted(Counted),
    /// Created, edited, deleted, restored.
    #[serde(untagged)]
    Lifecycle(Lifecycle<GoalFields>),
}

/// By how much the counts of milestones change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Completed milestones.
    pub done: i64,
    /// All milestones.
    pub total: i64,
}

impl GoalChange {
    /// A goal keeps no days.
    pub fn days(&self) -> Vec<Date> {
        Vec::new()
    }
}

event_names!(GoalChange, Goal {
    Completed = "completed";
    Reopened = "reopened";
    Focused = "focused";
    FocusStarted = "focus_started";
    Unfocused = "unfocused";
    Counted = "counted";
} Lifecycle);
