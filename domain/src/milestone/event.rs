//! What happens to a milestone.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::MilestoneFields;
use crate::entity::event_names::event_names;
use crate::entity::{Lifecycle, Recorded};

/// A stored event of a milestone.
pub type MilestoneEvent = Recorded<MilestoneChange>;

/// What happens to a milestone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneChange {
    /// Reached.
    Completed(Ticked),
    /// Not reached after all.
    Reopened(Ticked),
    /// Created, edited, deleted, restored.
    #[serde(untagged)]
    Lifecycle(Lifecycle<MilestoneFields>),
}

/// When the user ticked it, or took the tick away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticked {
    /// Unix ms.
    pub moment: i64,
    /// The local day that it counts on: of a tick that is taken away, that of the tick. Events of early logs do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

impl MilestoneChange {
    /// A milestone keeps no days.
    pub fn days(&self) -> Vec<Date> {
        Vec::new()
    }
}

event_names!(MilestoneChange, Milestone {
    Completed = "completed";
    Reopened = "reopened";
} Lifecycle);
