//! What happens to a skill.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::SkillFields;
use super::import::SkillImport;
use crate::entity::event_names::event_names;
use crate::entity::{Lifecycle, Recorded};

/// A stored event of a skill.
pub type SkillEvent = Recorded<SkillChange>;

/// What happens to a skill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkillChange {
    /// A completion or focus granted XP.
    Granted(Xp),
    /// That completion was undone.
    TakenBack(Xp),
    /// What it gathered elsewhere joined it.
    Imported(SkillImport),
    /// Totals are what they were before an import, or again what it made them: by so much more or less.
    SetRight(SkillImport),
    /// Created, edited, deleted, restored.
    #[serde(untagged)]
    Lifecycle(Lifecycle<SkillFields>),
}

/// An amount of XP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Xp {
    /// So much.
    pub xp: i64,
    /// The local day that it counts on; events of early logs do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

impl SkillChange {
    /// A skill keeps no days.
    pub fn days(&self) -> Vec<Date> {
        Vec::new()
    }
}

event_names!(SkillChange, Skill {
    Granted = "granted";
    TakenBack = "taken_back";
    Imported = "imported";
    SetRight = "set_right";
} Lifecycle);
