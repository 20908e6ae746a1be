//! What a hero did elsewhere, as its log told it there, line by line.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::entity::EntityRef;
use crate::id::EntityId;

/// A line of the log of another system. It is shown and changes nothing: what it granted came with the totals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PastActivity {
    /// The line's number there.
    pub legacy_id: i64,
    /// When the user acted, Unix ms.
    pub at: i64,
    /// The local day, in the hero's zone when it was imported.
    pub day: Date,
    /// What it was done with; `None`: that is gone, or it was nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<EntityRef>,
    /// What that was called.
    #[serde(default)]
    pub title: String,
    /// The skill that got the XP too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill_id: Option<EntityId>,
    /// XP granted.
    pub xp: i64,
    /// Balls taken.
    pub balls: i64,
    /// Minutes spent.
    pub minutes: i64,
    /// Finished cycles.
    pub cycles: i64,
    /// What the line said, in the other system's words.
    pub legacy: Value,
}
