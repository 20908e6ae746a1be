//! A skill's state and the fold of its events.

use serde::{Deserialize, Serialize};

use super::command::SkillFields;
use super::event::{SkillChange, SkillEvent};
use crate::day_entry::{Days, NO_DAYS};
use crate::entity::Core;
use crate::entity::core::HasFields;
use crate::entity::hidden::{Columns, Hidden};
use crate::id::EntityId;
use crate::rules::level::skill_standing;

/// What tasks train.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// What every kind has.
    #[serde(flatten)]
    pub core: Core<SkillFields>,
    /// Kept from imports; nothing grants them yet.
    pub talent_points: i64,
    /// Kept from imports; nothing grants it yet.
    pub prestige: i64,
    /// Lifetime XP.
    pub xp: i64,
    /// The level that it makes.
    pub level: i64,
    /// XP gathered inside the level.
    pub xp_in_level: i64,
    /// XP that the level takes.
    pub xp_to_next: i64,
}

impl Default for Skill {
    fn default() -> Self {
        let mut skill = Self {
            core: Core::default(),
            talent_points: 0,
            prestige: 0,
            xp: 0,
            level: 0,
            xp_in_level: 0,
            xp_to_next: 0,
        };
        skill.gain(0);
        skill
    }
}

impl HasFields for Skill {
    type Fields = SkillFields;
}

impl Skill {
    /// A skill is never completed.
    pub fn completed_at(&self) -> Option<i64> {
        None
    }

    /// Its prerequisites.
    pub fn parents(&self) -> Vec<EntityId> {
        self.core.fields.prerequisites.iter().copied().collect()
    }

    /// A skill keeps no days.
    pub fn days(&self) -> &Days {
        &NO_DAYS
    }

    /// A skill hides nothing.
    pub fn hidden(_row: &impl Columns) -> &'static [Hidden] {
        &[]
    }

    pub(super) fn fold(&mut self, event: SkillEvent) {
        let mark = event.mark;
        let xp = match event.change {
            SkillChange::Lifecycle(lifecycle) => return self.lived(&mark, lifecycle),
            SkillChange::Imported(import) => {
                self.core.meta.touch(&mark);
                return self.import(import);
            }
            SkillChange::SetRight(totals) => {
                self.core.meta.touch(&mark);
                return self.set_right(totals);
            }
            SkillChange::Granted(granted) => granted.xp,
            SkillChange::TakenBack(taken) => -taken.xp,
        };
        self.core.meta.touch(&mark);
        self.gain(xp);
    }

    pub(super) fn gain(&mut self, xp: i64) {
        self.xp = self.xp.saturating_add(xp).max(0);
        let standing = skill_standing(self.xp);
        self.level = standing.level;
        self.xp_in_level = standing.xp_in_level;
        self.xp_to_next = standing.xp_to_next;
    }
}
