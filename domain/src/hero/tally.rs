//! What something adds to a local day.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::day_entry::{DayEntry, Days};

/// What something adds to a local day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The local day.
    pub day: Date,
    /// Tasks and habits completed.
    pub completions: i64,
    /// Minutes of focus.
    pub minutes: i64,
    /// Balls taken; of what is taken back, those that really came back.
    pub balls: i64,
    /// XP granted.
    pub xp: i64,
}

/// Adds each to its day, more or less.
pub(crate) fn add(days: &mut Days, tallies: &[Tally]) {
    for tally in tallies {
        days.entry(tally.day).or_default().add(tally.completions, tally.minutes, tally.balls, tally.xp);
    }
}

/// What makes the amounts of some days those of others.
pub(crate) fn between(is: &Days, was: &Days) -> Vec<Tally> {
    let (none, all) = (DayEntry::default(), is.keys().chain(was.keys()).collect::<BTreeSet<_>>());
    let tally = |day: &Date| {
        let (is, was) = (is.get(day).unwrap_or(&none), was.get(day).unwrap_or(&none));
        let (completions, minutes) = (was.completions - is.completions, was.minutes - is.minutes);
        let (balls, xp) = (was.balls - is.balls, was.xp - is.xp);
        (completions, minutes, balls, xp).ne(&(0, 0, 0, 0)).then_some(Tally {
            day: *day,
            completions,
            minutes,
            balls,
            xp,
        })
    };
    all.into_iter().filter_map(tally).collect()
}
