//! A hero's state and the fold of its events.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::HeroFields;
use super::event::{HeroChange, HeroEvent};
use super::tally::Tally;
use crate::day_entry::Days;
use crate::entity::core::HasFields;
use crate::entity::hidden::{Columns, Hidden};
use crate::entity::{Core, HeroView};
use crate::id::EntityId;
use crate::rules::level::hero_standing;
use crate::rules::streak::streak;

/// The person in the game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hero {
    /// What every kind has.
    #[serde(flatten)]
    pub core: Core<HeroFields>,
    /// Lifetime XP.
    pub xp: i64,
    /// The level that it makes.
    pub level: i64,
    /// XP gathered inside the level.
    pub xp_in_level: i64,
    /// XP that the level takes.
    pub xp_to_next: i64,
    /// Active days in a row, up to the last.
    pub streak: i64,
    /// The last active day.
    pub last_active_on: Option<Date>,
    /// Tasks and habits completed in all.
    pub tasks_completed: i64,
    /// The latest day that energy was counted on.
    pub energy_day: Option<Date>,
    /// Balls spent on that day.
    pub energy_spent: i64,
    /// Days; rows of their own in the tables.
    #[serde(default, skip_serializing)]
    pub days: Days,
}

impl Default for Hero {
    fn default() -> Self {
        let start = hero_standing(0);
        Self {
            core: Core::default(),
            xp: 0,
            level: start.level,
            xp_in_level: start.xp_in_level,
            xp_to_next: start.xp_to_next,
            streak: 0,
            last_active_on: None,
            tasks_completed: 0,
            energy_day: None,
            energy_spent: 0,
            days: Days::new(),
        }
    }
}

impl HasFields for Hero {
    type Fields = HeroFields;
}

impl Hero {
    /// A hero is never completed.
    pub fn completed_at(&self) -> Option<i64> {
        None
    }

    /// A hero refers to no other.
    pub fn parents(&self) -> Vec<EntityId> {
        Vec::new()
    }

    /// Its days.
    pub fn days(&self) -> &Days {
        &self.days
    }

    /// A hero hides nothing.
    pub fn hidden(_row: &impl Columns) -> &'static [Hidden] {
        &[]
    }

    /// What decisions about other entities need of it.
    pub fn view(&self) -> HeroView {
        let fields = &self.core.fields;
        HeroView {
            time_zone: fields.time_zone.clone(),
            ball_minutes: fields.ball_minutes,
            energy_max: fields.energy_max,
            energy_day: self.energy_day,
            energy_spent: self.energy_spent,
        }
    }

    pub(super) fn fold(&mut self, event: HeroEvent) {
        let mark = event.mark;
        if let HeroChange::Lifecycle(lifecycle) = event.change {
            return self.core.apply(&mark, lifecycle);
        }
        self.core.meta.touch(&mark);
        match event.change {
            HeroChange::Rewarded(tally) => {
                if tally.completions > 0 || tally.minutes > 0 {
                    self.spend(tally.day, tally.balls);
                }
                self.tally(&tally, 1);
            }
            HeroChange::TakenBack(tally) => {
                self.energy_spent = (self.energy_spent - tally.balls).max(0);
                self.tally(&tally, -1);
            }
            HeroChange::Imported(import) => self.import(import),
            HeroChange::SetRight(totals) => self.set_right(totals),
            HeroChange::EnergyRestored(rested) => {
                self.spend(rested.day, 0);
                self.energy_spent = 0;
            }
            HeroChange::EnergyAdjusted(adjusted) => {
                self.energy_spent = self.energy_spent.saturating_add(adjusted.balls).max(0);
            }
            HeroChange::ActivityImported(_) | HeroChange::Lifecycle(_) => {}
        }
    }

    /// The energy day never goes back; a later day starts with nothing spent.
    fn spend(&mut self, day: Date, balls: i64) {
        if self.energy_day.is_none_or(|current| day > current) {
            self.energy_day = Some(day);
            self.energy_spent = 0;
        }
        self.energy_spent += balls;
    }

    fn tally(&mut self, tally: &Tally, sign: i64) {
        self.xp = self.xp.saturating_add(sign * tally.xp).max(0);
        let tasks_completed = self.tasks_completed.saturating_add(sign * tally.completions);
        self.tasks_completed = tasks_completed.max(0);
        let entry = self.days.entry(tally.day).or_default();
        entry.add(sign * tally.completions, sign * tally.minutes, sign * tally.balls, sign * tally.xp);
        self.stand();
    }

    /// What follows from XP and days: level and streak.
    pub(super) fn stand(&mut self) {
        let standing = hero_standing(self.xp);
        self.level = standing.level;
        self.xp_in_level = standing.xp_in_level;
        self.xp_to_next = standing.xp_to_next;
        let active = self.days.iter().rev().filter(|(_, entry)| entry.is_active()).map(|(day, _)| *day);
        let run = streak(active);
        self.streak = run.days;
        self.last_active_on = run.last;
    }
}
