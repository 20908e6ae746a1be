//! What an import keeps: state that no client may write, brought from another space. It grants nothing again; it is
//! recorded in the event of the creation, so that a fold needs nothing else.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::completion::Completion;
use crate::id::EntityId;
use crate::rules::day::local_day;

/// What an import keeps of an entity beside its writable fields. Each kind takes what it has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kept {
    /// Which import brought it.
    pub import: Uuid,
    /// When it was completed, Unix ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<i64>,
    /// What that had granted and taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion: Option<Completion>,
    /// Minutes of focus so far.
    #[serde(skip_serializing_if = "is_zero")]
    pub focus_minutes: i64,
    /// Finished focus cycles so far.
    #[serde(skip_serializing_if = "is_zero")]
    pub focus_cycles: i64,
    /// Balls that focus took so far.
    #[serde(skip_serializing_if = "is_zero")]
    pub focus_energy: i64,
    /// Lifetime XP of a skill.
    #[serde(skip_serializing_if = "is_zero")]
    pub xp: i64,
    /// Of a skill.
    #[serde(skip_serializing_if = "is_zero")]
    pub talent_points: i64,
    /// Of a skill.
    #[serde(skip_serializing_if = "is_zero")]
    pub prestige: i64,
    /// What it came with that nothing here has a field for. Nobody folds it; it goes back with an export to where it came from.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extras: Map<String, Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// The next integer id of a space in which an entity has this one: imports keep theirs, and none is ever given twice.
pub fn legacy_next(next: i64, given: Option<i64>) -> i64 {
    given.map_or(next, |given| next.max(given.saturating_add(1)))
}

/// An entity as an import creates it.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Under which id.
    pub id: EntityId,
    /// When it had been created, Unix ms.
    pub created_at: i64,
    /// Its writable fields.
    pub data: Map<String, Value>,
    /// What else it brings.
    pub kept: Kept,
    /// The integer that clients of API v1 know it by already; `None`: it gets the next.
    pub legacy_id: Option<i64>,
}

impl Kept {
    /// The same, so that what goes together is there together: whatever is completed can be undone.
    #[must_use]
    pub fn settled(mut self, time_zone: &str, now: i64) -> Self {
        self.completed_at = self.completed_at.or(self.completion.as_ref().map(|done| done.moment));
        self.completed_at = self.completed_at.map(|at| at.min(now));
        if let (Some(moment), None) = (self.completed_at, &self.completion) {
            let day = local_day(moment, time_zone);
            self.completion = Some(Completion { moment, day, xp: 0, skill_id: None, balls: 0 });
        }
        self
    }
}
