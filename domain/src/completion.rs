//! What completing grants and takes. It is recorded, so that undoing gives back exactly that and no fold computes a day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::EntityId;

/// What one completion granted and took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// When the user acted, Unix ms.
    pub moment: i64,
    /// The local day, in the hero's zone when it was decided.
    pub day: Date,
    /// XP for the hero, and the same for the skill.
    pub xp: i64,
    /// The skill that got it.
    #[serde(default)]
    pub skill_id: Option<EntityId>,
    /// Balls taken from that day.
    pub balls: i64,
}

/// A focus (pomodoro) session as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, validator::Validate)]
#[serde(deny_unknown_fields)]
pub struct FocusSession {
    /// Minutes of focus.
    #[validate(range(min = 1, max = 480))]
    pub minutes: i64,
    /// Finished cycles.
    #[validate(range(min = 0, max = 24))]
    pub cycles: i64,
    /// Balls that it takes; absent: one for each begun `ball_minutes`.
    #[serde(default)]
    #[validate(range(min = 0, max = 48))]
    pub balls: Option<i64>,
}

/// A focus session that was begun. Nothing counts before it is over, and nobody has to end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FocusStarted {
    /// When the user acted, Unix ms.
    pub moment: i64,
    /// How long it is meant to take, in minutes.
    pub minutes: i64,
}

/// A focus session with what it granted and took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Focused {
    /// When the user acted, Unix ms.
    pub moment: i64,
    /// The local day.
    pub day: Date,
    /// Minutes of focus.
    pub minutes: i64,
    /// Finished cycles.
    pub cycles: i64,
    /// Balls taken.
    pub balls: i64,
    /// XP granted.
    pub xp: i64,
    /// The skill that got the XP too.
    #[serde(default)]
    pub skill_id: Option<EntityId>,
    /// Position of the event that this one takes back or counts again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<i64>,
}
