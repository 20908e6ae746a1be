//! A local day of a hero or a habit: the calendar, the day report, and where streaks come from.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::completion::Completion;
use crate::stamp::Written;

/// The days of a hero or a habit, by date.
pub type Days = BTreeMap<Date, DayEntry>;

/// The days of a kind that keeps none.
pub static NO_DAYS: Days = Days::new();

/// What happened on a local day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DayEntry {
    /// Tasks and habits completed.
    pub completions: i64,
    /// Minutes of focus.
    pub minutes: i64,
    /// Energy balls taken.
    pub balls: i64,
    /// XP granted.
    pub xp: i64,
    /// A habit's register of the day: its last write …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
    /// … and what the completion granted, while it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Completion>,
}

impl DayEntry {
    /// Adds, never below zero: what is undone was counted before.
    pub fn add(&mut self, completions: i64, minutes: i64, balls: i64, xp: i64) {
        for (field, more) in [
            (&mut self.completions, completions),
            (&mut self.minutes, minutes),
            (&mut self.balls, balls),
            (&mut self.xp, xp),
        ] {
            *field = field.saturating_add(more).max(0);
        }
    }

    /// Whether a hero was active on the day: something completed, or time spent in focus.
    pub fn is_active(&self) -> bool {
        self.completions > 0 || self.minutes > 0
    }
}
