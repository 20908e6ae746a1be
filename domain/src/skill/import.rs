//! What an import brings to a skill.

use serde::{Deserialize, Serialize};

use super::command::SkillFields;
use super::state::Skill;
use crate::entity::{Lifecycle, Mark};

/// What a skill has gathered elsewhere; it is added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillImport {
    /// Lifetime XP.
    pub xp: i64,
    /// Talent points.
    pub talent_points: i64,
    /// Prestige.
    pub prestige: i64,
    /// The integer that clients of API v1 know it by from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legacy_id: Option<i64>,
}

impl SkillImport {
    /// What makes the totals of one state those of another, more or less.
    pub(crate) fn between(is: &Skill, was: &Skill) -> Self {
        Self {
            xp: was.xp - is.xp,
            talent_points: was.talent_points - is.talent_points,
            prestige: was.prestige - is.prestige,
            legacy_id: None,
        }
    }
}

impl Skill {
    pub(super) fn set_right(&mut self, totals: SkillImport) {
        self.talent_points = self.talent_points.saturating_add(totals.talent_points).max(0);
        self.prestige = self.prestige.saturating_add(totals.prestige).max(0);
        self.gain(totals.xp);
    }

    pub(super) fn lived(&mut self, mark: &Mark, mut lifecycle: Lifecycle<SkillFields>) {
        let kept = if let Lifecycle::Created(created) = &mut lifecycle { created.kept.take() } else { None };
        self.core.apply(mark, lifecycle);
        if let Some(kept) = kept {
            let (talent_points, prestige) = (kept.talent_points, kept.prestige);
            self.import(SkillImport { xp: kept.xp, talent_points, prestige, legacy_id: None });
        }
    }

    pub(super) fn import(&mut self, import: SkillImport) {
        self.talent_points = self.talent_points.saturating_add(import.talent_points.max(0));
        self.prestige = self.prestige.saturating_add(import.prestige.max(0));
        self.core.meta.legacy_id = import.legacy_id.or(self.core.meta.legacy_id);
        self.gain(import.xp.max(0));
    }
}
