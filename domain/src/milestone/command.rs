//! What can be asked of a milestone, and the ranges of its fields.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use validator::Validate;

use crate::entity::fields::Policy::{Ask, Fixed, Last};
use crate::entity::text::{default_rank, rank, text, words};
use crate::entity::{Fields, Kind, LifecycleCommand, Policy};
use crate::id::EntityId;

/// A command to a milestone.
#[derive(Clone, Debug, PartialEq)]
pub enum MilestoneCommand {
    /// Created, edited, deleted, restored.
    Lifecycle(LifecycleCommand),
    /// Reached.
    Complete,
    /// Not reached after all.
    Reopen,
    /// As it was recorded: reached at this moment (Unix ms), or not.
    Compensate(Option<i64>),
}

/// The writable fields of a milestone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
pub struct MilestoneFields {
    /// The goal that it is a step of.
    pub goal_id: EntityId,
    /// What to reach.
    #[validate(length(min = 2, max = 200), custom(function = "words"))]
    pub title: String,
    /// More about it.
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = "text"))]
    pub description: Option<String>,
    /// Place in a list, compared bytewise.
    #[validate(custom(function = "rank"))]
    pub rank: String,
}

impl MilestoneCommand {
    /// The command of the shared life, if it is one.
    pub fn lifecycle(&self) -> Option<&LifecycleCommand> {
        if let Self::Lifecycle(command) = self { Some(command) } else { None }
    }
}

impl Fields for MilestoneFields {
    const KIND: Kind = Kind::Milestone;
    const POLICIES: &'static [(&'static str, Policy)] =
        &[("goal_id", Fixed), ("title", Ask), ("description", Ask), ("rank", Last)];
    const REFERENCES: &'static [(&'static str, Kind)] = &[("goal_id", Kind::Goal)];

    fn fill_in(data: &mut Map<String, Value>, moment: i64) {
        data.entry("rank").or_insert_with(|| default_rank(moment).into());
    }
}
