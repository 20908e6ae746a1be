//! What can be asked of a goal, and the ranges of its fields.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use validator::Validate;

use crate::compensation::Compensation;
use crate::completion::FocusSession;
use crate::entity::fields::Policy::{Ask, Last, Set};
use crate::entity::text::{tags, text, words};
use crate::entity::{Fields, Kind, LifecycleCommand, Policy};
use crate::id::EntityId;
use crate::limits::{INSTANT_MS_MAX, INSTANT_MS_MIN};
use crate::rejection::Rejection;

/// A command to a goal.
#[derive(Clone, Debug, PartialEq)]
pub enum GoalCommand {
    /// Created, edited, deleted, restored.
    Lifecycle(LifecycleCommand),
    /// Reached. Refused while a milestone is open.
    Complete,
    /// Not reached after all.
    Reopen,
    /// Time spent on it.
    Focus(FocusSession),
    /// A focus session of so many minutes is begun. Only clients of API v1 have a use for it, so no other can ask for it.
    StartFocus(i64),
    /// Recorded amounts, back or again.
    Compensate(Compensation),
    /// Follow-up of a milestone: the counts change by so much.
    Count {
        /// Completed milestones.
        done: i64,
        /// All milestones.
        total: i64,
    },
}

/// Whether a goal is worked on. Completed is no status of its own: it is shown while `completed_at` is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalStatus {
    /// Worked on.
    #[default]
    Active,
    /// Put aside.
    Paused,
}

/// How much a goal matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Less than others.
    Low,
    /// Like others.
    #[default]
    Medium,
    /// More than others.
    High,
}

/// The writable fields of a goal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
pub struct GoalFields {
    /// What to reach.
    #[validate(length(min = 2, max = 200), custom(function = "words"))]
    pub title: String,
    /// More about it.
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = "text"))]
    pub description: Option<String>,
    /// Worked on or put aside.
    #[serde(default)]
    pub status: GoalStatus,
    /// How much it matters.
    #[serde(default)]
    pub priority: Priority,
    /// Until when, Unix ms.
    #[serde(default)]
    #[validate(range(min = INSTANT_MS_MIN, max = INSTANT_MS_MAX))]
    pub target_at: Option<i64>,
    /// The goal that it is part of.
    #[serde(default)]
    pub parent_id: Option<EntityId>,
    /// The skill that it trains.
    #[serde(default)]
    pub skill_id: Option<EntityId>,
    /// XP that completing grants.
    #[serde(default = "exp_reward")]
    #[validate(range(min = 5, max = 5000))]
    pub exp_reward: i64,
    /// Labels.
    #[serde(default)]
    #[validate(custom(function = "tags"))]
    pub tags: BTreeSet<String>,
}

fn exp_reward() -> i64 {
    100
}

impl GoalCommand {
    /// The command of the shared life, if it is one.
    pub fn lifecycle(&self) -> Option<&LifecycleCommand> {
        if let Self::Lifecycle(command) = self { Some(command) } else { None }
    }
}

impl Fields for GoalFields {
    const KIND: Kind = Kind::Goal;
    const POLICIES: &'static [(&'static str, Policy)] = &[
        ("title", Ask),
        ("description", Ask),
        ("status", Last),
        ("priority", Last),
        ("target_at", Last),
        ("parent_id", Last),
        ("skill_id", Last),
        ("exp_reward", Last),
        ("tags", Set),
    ];
    const REFERENCES: &'static [(&'static str, Kind)] = &[("parent_id", Kind::Goal), ("skill_id", Kind::Skill)];

    fn refuse(values: &Map<String, Value>, pointer: &str) -> Option<Rejection> {
        let completes = values.get("status").and_then(Value::as_str) == Some("completed");
        completes.then(|| Rejection::UseComplete { pointer: format!("{pointer}/status") })
    }
}
