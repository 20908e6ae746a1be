//! What a decision may know beside the entity itself. It is filled in before; deciding does no I/O.

use std::sync::OnceLock;

use jiff::civil::Date;

use super::meta::Took;
use super::outcome::Outcome;
use super::recorded::Mark;
use crate::id::SpaceId;
use crate::references::World;
use crate::rules::{day, energy};
use crate::stamp::{Seen, Stamp};

/// The services of a decision, in the sense of `cqrs_es::Aggregate`: values only.
#[derive(Debug, Default)]
pub struct Context {
    /// The space.
    pub space: SpaceId,
    /// Position, time and stamp of the event that the decision may make.
    pub mark: Mark,
    /// When the user acted, Unix ms.
    pub moment: i64,
    /// What the device had seen.
    pub seen: Seen,
    /// The next integer id of the space.
    pub legacy_next: i64,
    /// Live entities in the space.
    pub live_entities: i64,
    /// The hero, as decisions about days and energy need it.
    pub hero: HeroView,
    /// The entities that the command refers to.
    pub world: World,
    /// The entities that refer to the one being deleted; the milestones of a goal.
    pub referrers: Vec<Referrer>,
    /// What the decision came to; `cqrs_es::Aggregate::handle` returns events only, so the outcome leaves this way.
    pub outcome: OnceLock<Outcome>,
}

/// An entity that refers to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Referrer {
    /// Who refers, by which field; `None` for what belongs to the other and is deleted with it.
    pub took: Took,
    /// Whether it is neither deleted nor completed.
    pub open: bool,
    /// Whether it is deleted already.
    pub deleted: bool,
}

/// The hero's settings and energy.
#[derive(Clone, Debug, PartialEq)]
pub struct HeroView {
    /// IANA zone of the local day.
    pub time_zone: String,
    /// Minutes that one ball stands for.
    pub ball_minutes: i64,
    /// Balls a day.
    pub energy_max: i64,
    /// The latest day that energy was counted on.
    pub energy_day: Option<Date>,
    /// Balls spent on that day.
    pub energy_spent: i64,
}

impl Default for HeroView {
    fn default() -> Self {
        Self { time_zone: "UTC".to_owned(), ball_minutes: 15, energy_max: 18, energy_day: None, energy_spent: 0 }
    }
}

impl Context {
    /// The local day on which the user acted.
    pub fn day(&self) -> Date {
        self.day_of(self.moment)
    }

    /// The local day of a moment, Unix ms.
    pub fn day_of(&self, moment: i64) -> Date {
        day::local_day(moment, &self.hero.time_zone)
    }

    /// The balls that can be taken on the day of the moment, of `wanted`.
    pub fn balls(&self, wanted: i64) -> i64 {
        let hero = &self.hero;
        energy::balls_taken(wanted, self.day(), hero.energy_day, hero.energy_spent, hero.energy_max)
    }

    /// The balls that come back, of those taken on `day`.
    pub fn balls_back(&self, balls: i64, day: Date) -> i64 {
        energy::balls_given_back(balls, day, self.hero.energy_day, self.hero.energy_spent)
    }

    /// The stamp of the write.
    pub fn stamp(&self) -> &Stamp {
        &self.mark.stamp
    }
}
