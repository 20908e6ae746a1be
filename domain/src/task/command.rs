//! What can be asked of a task, and the ranges of its fields.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use validator::Validate;

use super::import::{DayTotals, DaysImport};
use crate::compensation::Compensation;
use crate::completion::FocusSession;
use crate::entity::fields::Policy::{Ask, Last, Set};
use crate::entity::text::{default_rank, rank, tags, text, words};
use crate::entity::{Fields, Kind, LifecycleCommand, Policy};
use crate::id::EntityId;
use crate::limits::{INSTANT_MS_MAX, INSTANT_MS_MIN};
use crate::rules::reward::Difficulty;

/// A command to a task.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskCommand {
    /// Created, edited, deleted, restored.
    Lifecycle(LifecycleCommand),
    /// Done; of a habit, for the local day of the moment.
    Complete,
    /// Not done after all; of a habit, on the local day of the moment.
    Uncomplete,
    /// Time spent on it.
    Focus(FocusSession),
    /// A focus session of so many minutes is begun. Only clients of API v1 have a use for it, so no other can ask for it.
    StartFocus(i64),
    /// Days of a habit, done elsewhere, join it. No client can ask for it.
    ImportDays(DaysImport),
    /// Days of a habit are what they were before an import, or again what it made them. Only a restore asks for it.
    SetDaysRight(DayTotals),
    /// Recorded amounts, back or again.
    Compensate(Compensation),
}

/// To-do, task of a goal, or habit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Done once.
    #[default]
    Todo,
    /// Done once, for a goal.
    Goal,
    /// Done once a local day.
    Habit,
}

/// The role of a task in the game.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Main quest.
    Main,
    /// Stage of a quest.
    Stage,
    /// Daily quest.
    Daily,
    /// No role.
    #[default]
    Simple,
}

/// The writable fields of a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
pub struct TaskFields {
    /// What to do.
    #[validate(length(min = 2, max = 200), custom(function = "words"))]
    pub title: String,
    /// More about it.
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = "text"))]
    pub description: Option<String>,
    /// To-do, task of a goal, or habit.
    #[serde(default)]
    pub category: Category,
    /// The role in the game.
    #[serde(default)]
    pub kind: TaskKind,
    /// How hard it is.
    #[serde(default)]
    pub difficulty: Difficulty,
    /// XP that completing grants.
    #[validate(range(min = 5, max = 100))]
    pub exp_reward: i64,
    /// Energy balls that completing takes.
    #[validate(range(min = 1, max = 5))]
    pub energy_cost: i64,
    /// How long it should take, in minutes.
    #[serde(default = "estimated_minutes")]
    #[validate(range(min = 1, max = 480))]
    pub estimated_minutes: i64,
    /// Until when, Unix ms.
    #[serde(default)]
    #[validate(range(min = INSTANT_MS_MIN, max = INSTANT_MS_MAX))]
    pub due_at: Option<i64>,
    /// The skill that it trains.
    #[serde(default)]
    pub skill_id: Option<EntityId>,
    /// The goal that it serves.
    #[serde(default)]
    pub goal_id: Option<EntityId>,
    /// The task that it is part of.
    #[serde(default)]
    pub parent_id: Option<EntityId>,
    /// Labels.
    #[serde(default)]
    #[validate(custom(function = "tags"))]
    pub tags: BTreeSet<String>,
    /// Labels that name goals.
    #[serde(default)]
    #[validate(custom(function = "tags"))]
    pub goal_tags: BTreeSet<String>,
    /// Place in a list, compared bytewise.
    #[validate(custom(function = "rank"))]
    pub rank: String,
}

fn estimated_minutes() -> i64 {
    25
}

impl TaskCommand {
    /// The command of the shared life, if it is one.
    pub fn lifecycle(&self) -> Option<&LifecycleCommand> {
        if let Self::Lifecycle(command) = self { Some(command) } else { None }
    }
}

impl Fields for TaskFields {
    const KIND: Kind = Kind::Task;
    const POLICIES: &'static [(&'static str, Policy)] = &[
        ("title", Ask),
        ("description", Ask),
        ("category", Last),
        ("kind", Last),
        ("difficulty", Last),
        ("exp_reward", Last),
        ("energy_cost", Last),
        ("estimated_minutes", Last),
        ("due_at", Last),
        ("skill_id", Last),
        ("goal_id", Last),
        ("parent_id", Last),
        ("tags", Set),
        ("goal_tags", Set),
        ("rank", Last),
    ];
    const REFERENCES: &'static [(&'static str, Kind)] =
        &[("skill_id", Kind::Skill), ("goal_id", Kind::Goal), ("parent_id", Kind::Task)];

    fn fill_in(data: &mut Map<String, Value>, moment: i64) {
        let difficulty = data.get("difficulty").and_then(|named| serde_json::from_value(named.clone()).ok());
        let difficulty: Difficulty = difficulty.unwrap_or_default();
        data.entry("exp_reward").or_insert_with(|| difficulty.exp_reward().into());
        data.entry("energy_cost").or_insert_with(|| difficulty.energy_cost().into());
        data.entry("rank").or_insert_with(|| default_rank(moment).into());
    }
}
