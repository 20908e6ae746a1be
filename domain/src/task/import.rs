//! What an import brings to a task, and the days of a habit.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::TaskFields;
use super::state::Task;
use crate::completion::Completion;
use crate::entity::{Lifecycle, Mark};
use crate::hero::Tally;

/// Days of a habit, as an import brings them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DaysImport {
    /// They, each date once.
    pub days: Vec<ImportedDay>,
}

/// By how much the amounts of a habit's days change, more or less. Their registers stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DayTotals {
    /// They, each date once.
    pub days: Vec<Tally>,
}

/// A day of a habit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportedDay {
    /// Which.
    pub day: Date,
    /// Minutes of focus.
    pub minutes: i64,
    /// Balls taken.
    pub balls: i64,
    /// XP granted.
    pub xp: i64,
    /// What its completion granted, if it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Completion>,
}

impl Task {
    /// Takes over what an imported creation keeps.
    pub(super) fn keep(&mut self, mark: &Mark, lifecycle: &Lifecycle<TaskFields>) {
        let Lifecycle::Created(created) = lifecycle else { return };
        let Some(kept) = &created.kept else { return };
        self.focus_minutes = kept.focus_minutes;
        self.focus_cycles = kept.focus_cycles;
        self.focus_energy = kept.focus_energy;
        (self.completed_at, self.completion) = (kept.completed_at, kept.completion.clone());
        self.core.meta.stamps.completion = kept.completed_at.map(|_| mark.written());
    }

    /// The days join its own; each is a write of that day's register.
    pub(super) fn import_days(&mut self, mark: &Mark, import: DaysImport) {
        for imported in import.days {
            let entry = self.days.entry(imported.day).or_default();
            let is_done = entry.completion.is_none() && imported.completion.is_some();
            entry.add(i64::from(is_done), imported.minutes, imported.balls, imported.xp);
            entry.written = Some(mark.written());
            entry.completion = entry.completion.take().or(imported.completion);
        }
        self.count_days();
    }
}
