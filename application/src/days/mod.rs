//! The days of a hero or a habit: the calendar, with streaks, and of a hero what happened on each day.

mod report;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use domain::activity::Action;
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId};
use domain::rules::streak::runs;
use jiff::civil::Date;

pub use self::report::{Amount, Report};
use crate::fault::Fault;

/// A local day as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoredDay {
    /// Which.
    pub day: Date,
    /// Tasks and habits completed.
    pub completions: i64,
    /// Minutes of focus.
    pub minutes: i64,
    /// Balls taken.
    pub balls: i64,
    /// XP granted.
    pub xp: i64,
    /// When the habit was done, Unix ms, if that stands.
    pub completed_at: Option<i64>,
}

/// The activity of a day that has these things in common, added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The local day.
    pub day: Date,
    /// What was done.
    pub action: Action,
    /// With what.
    pub kind: Kind,
    /// Of a task, what it was then.
    pub category: Option<String>,
    /// Of a task, how hard it was then.
    pub difficulty: Option<String>,
    /// The skill that the XP went to.
    pub skill_id: Option<EntityId>,
    /// How often.
    pub times: i64,
    /// XP granted.
    pub xp: i64,
    /// Finished focus cycles.
    pub cycles: i64,
}

/// What is stored of the days of an entity, as of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDays {
    /// Whose they are.
    pub entity: EntityRef,
    /// Every day up to the last that was asked for, earliest first: a streak may have begun long before the first.
    pub days: Vec<StoredDay>,
    /// Of a hero, what happened on the days that were asked for.
    pub sums: Vec<Sum>,
}

/// A local day on which something happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// What is stored of it.
    pub stored: StoredDay,
    /// Active days in a row up to this one; 0: it was none.
    pub streak: i64,
    /// Of a hero, what happened.
    pub report: Option<Report>,
}

/// The days of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Whose they are.
    pub entity: EntityRef,
    /// Those on which something happened, earliest first.
    pub days: Vec<Day>,
}

/// The port to the days.
pub trait DayLog {
    /// What is stored of a hero or a task up to `to`, and happened from `from` on; none if the space never had it.
    fn stored(
        &self,
        space: SpaceId,
        id: EntityId,
        from: Date,
        to: Date,
    ) -> impl Future<Output = Result<Option<StoredDays>, Fault>> + Send;
}

/// The days of a hero or a habit from one day to another, both included; none if the space never had it.
///
/// # Errors
/// The store could not be read.
pub async fn calendar<L: DayLog>(
    log: &L,
    space: SpaceId,
    id: EntityId,
    (from, to): (Date, Date),
) -> Result<Option<Calendar>, Fault> {
    Ok(log.stored(space, id, from, to).await?.map(|stored| of(stored, from)))
}

fn of(stored: StoredDays, from: Date) -> Calendar {
    let StoredDays { entity, days, sums } = stored;
    let is_hero = entity.kind == Kind::Hero;
    let active = days.iter().filter(|day| is_active(day, is_hero)).map(|day| day.day);
    let streaks = runs(active);
    let mut reports = report::reports(&sums);
    let stored: BTreeMap<Date, StoredDay> =
        days.into_iter().filter(|day| day.day >= from).map(|day| (day.day, day)).collect();
    let dates: BTreeSet<Date> = stored.keys().chain(reports.keys()).copied().collect();
    let day = |date: Date| Day {
        stored: stored.get(&date).copied().unwrap_or(StoredDay { day: date, ..StoredDay::default() }),
        streak: streaks.get(&date).copied().unwrap_or_default(),
        report: is_hero.then(|| reports.remove(&date).unwrap_or_default()),
    };
    Calendar { entity, days: dates.into_iter().map(day).collect() }
}

/// A hero is active when something is completed or time spent in focus, a habit when it is done.
fn is_active(day: &StoredDay, is_hero: bool) -> bool {
    if is_hero { day.completions > 0 || day.minutes > 0 } else { day.completed_at.is_some() }
}
