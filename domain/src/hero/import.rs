//! What an import adds to a hero.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::state::Hero;
use super::tally::{Tally, add, between};

/// What a hero has done elsewhere. It is added to what this one has done; the settings come as an edit of their own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeroImport {
    /// Since when, Unix ms: the earlier of the two stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<i64>,
    /// Lifetime XP.
    pub xp: i64,
    /// Tasks and habits completed.
    pub tasks_completed: i64,
    /// The latest day that energy was counted on, and the balls spent on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy: Option<(Date, i64)>,
    /// Days of the calendar; the totals are not the sum of these.
    pub days: Vec<Tally>,
    /// What it came with that nothing here has a field for. Nobody folds it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extras: Map<String, Value>,
}

/// By how much totals change, more or less, when a restore goes over an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeroTotals {
    /// Since when, Unix ms, if that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<i64>,
    /// Lifetime XP.
    pub xp: i64,
    /// Tasks and habits completed.
    pub tasks_completed: i64,
    /// Days of the calendar.
    pub days: Vec<Tally>,
}

impl HeroTotals {
    /// What makes the totals of one state those of another.
    pub(crate) fn between(is: &Hero, was: &Hero) -> Self {
        let (is_since, was_since) = (is.core.meta.created_at, was.core.meta.created_at);
        Self {
            created_at: (is_since != was_since).then_some(was_since),
            xp: was.xp - is.xp,
            tasks_completed: was.tasks_completed - is.tasks_completed,
            days: between(&is.days, &was.days),
        }
    }
}

impl Hero {
    pub(super) fn set_right(&mut self, totals: HeroTotals) {
        self.core.meta.created_at = totals.created_at.unwrap_or(self.core.meta.created_at);
        self.xp = self.xp.saturating_add(totals.xp).max(0);
        self.tasks_completed = self.tasks_completed.saturating_add(totals.tasks_completed).max(0);
        add(&mut self.days, &totals.days);
        self.stand();
    }

    /// Adds it: days of the same date become one.
    pub(super) fn import(&mut self, import: HeroImport) {
        let created_at = import.created_at.unwrap_or(i64::MAX);
        self.core.meta.created_at = self.core.meta.created_at.min(created_at);
        self.xp = self.xp.saturating_add(import.xp.max(0));
        self.tasks_completed = self.tasks_completed.saturating_add(import.tasks_completed.max(0));
        if let Some((day, spent)) = import.energy {
            if self.energy_day.is_none_or(|current| day > current) {
                (self.energy_day, self.energy_spent) = (Some(day), spent.max(0));
            } else if self.energy_day == Some(day) {
                self.energy_spent = self.energy_spent.saturating_add(spent.max(0));
            }
        }
        add(&mut self.days, &import.days);
        self.stand();
    }
}
