//! What happens to a goal.

use cqrs_es::DomainEvent;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::GoalFields;
use crate::completion::{Completion, Focused};
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
    pub fn day(&self) -> Option<Date> {
        None
    }
}

impl DomainEvent for GoalChange {
    fn event_type(&self) -> String {
        let name = match self {
            Self::Completed(_) => "completed",
            Self::Reopened(_) => "reopened",
            Self::Focused(_) => "focused",
            Self::Unfocused(_) => "unfocused",
            Self::Counted(_) => "counted",
            Self::Lifecycle(lifecycle) => lifecycle.name(),
        };
        format!("goal.{name}")
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}
