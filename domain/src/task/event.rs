//! What happens to a task.

use cqrs_es::DomainEvent;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::TaskFields;
use crate::completion::{Completion, Focused};
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
    /// That session is taken back.
    Unfocused(Focused),
    /// Created, edited, deleted, restored.
    #[serde(untagged)]
    Lifecycle(Lifecycle<TaskFields>),
}

impl TaskChange {
    /// The local day whose entry it changes (of a habit).
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Completed(done) | Self::Uncompleted(done) => Some(done.day),
            Self::Focused(focused) | Self::Unfocused(focused) => Some(focused.day),
            Self::Lifecycle(Lifecycle::Reaffirmed(reaffirmed)) => match reaffirmed.register {
                Register::Day(day) => Some(day),
                _ => None,
            },
            Self::Lifecycle(_) => None,
        }
    }
}

impl DomainEvent for TaskChange {
    fn event_type(&self) -> String {
        let name = match self {
            Self::Completed(_) => "completed",
            Self::Uncompleted(_) => "uncompleted",
            Self::Focused(_) => "focused",
            Self::Unfocused(_) => "unfocused",
            Self::Lifecycle(lifecycle) => lifecycle.name(),
        };
        format!("task.{name}")
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}
