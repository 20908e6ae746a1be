//! A task's state and the fold of its events.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::{Category, TaskFields};
use super::event::{TaskChange, TaskEvent};
use crate::completion::{Completion, Focused};
use crate::day_entry::Days;
use crate::entity::core::HasFields;
use crate::entity::hidden::{Columns, Hidden, Instead};
use crate::entity::{Core, Lifecycle, Mark, Register};
use crate::hero::add;
use crate::id::EntityId;
use crate::rules::streak;

/// A to-do, goal task or habit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// What every kind has.
    #[serde(flatten)]
    pub core: Core<TaskFields>,
    /// When it was done, Unix ms (to-dos and goal tasks).
    #[serde(default)]
    pub completed_at: Option<i64>,
    /// What that granted and took.
    #[serde(default)]
    pub completion: Option<Completion>,
    /// Days on which a habit was done.
    #[serde(default)]
    pub completion_count: i64,
    /// Days in a row, up to the last.
    #[serde(default)]
    pub streak: i64,
    /// The last day on which a habit was done.
    #[serde(default)]
    pub last_completed_on: Option<Date>,
    /// The moment of that, Unix ms.
    #[serde(default)]
    pub last_completed_at: Option<i64>,
    /// Minutes of focus so far.
    #[serde(default)]
    pub focus_minutes: i64,
    /// Finished focus cycles so far.
    #[serde(default)]
    pub focus_cycles: i64,
    /// Balls that focus took so far.
    #[serde(default)]
    pub focus_energy: i64,
    /// A habit's days; rows of their own in the tables.
    #[serde(default, skip_serializing)]
    pub days: Days,
}

impl HasFields for Task {
    type Fields = TaskFields;
}

impl Task {
    /// When it was completed, Unix ms.
    pub fn completed_at(&self) -> Option<i64> {
        self.completed_at
    }

    /// Whether it is a habit now.
    pub fn is_habit(&self) -> bool {
        self.core.fields.category == Category::Habit
    }

    /// The task that it is part of.
    pub fn parents(&self) -> Vec<EntityId> {
        self.core.fields.parent_id.into_iter().collect()
    }

    /// Its days.
    pub fn days(&self) -> &Days {
        &self.days
    }

    /// Completion and days are kept side by side; only those of the present category show.
    pub fn hidden(row: &impl Columns) -> &'static [Hidden] {
        if row.is("category", "habit") {
            &[("completed_at", Instead::Null), ("completion", Instead::Null)]
        } else {
            &[
                ("completion_count", Instead::Zero),
                ("streak", Instead::Zero),
                ("last_completed_on", Instead::Null),
                ("last_completed_at", Instead::Null),
            ]
        }
    }

    pub(super) fn fold(&mut self, event: TaskEvent) {
        let mark = event.mark;
        match event.change {
            TaskChange::Lifecycle(lifecycle) => self.lived(&mark, lifecycle),
            TaskChange::Completed(done) => {
                self.core.meta.touch(&mark);
                self.completed(&mark, done);
            }
            TaskChange::Uncompleted(done) => {
                self.core.meta.touch(&mark);
                self.uncompleted(&mark, &done);
            }
            TaskChange::DaysImported(import) => {
                self.core.meta.touch(&mark);
                self.import_days(&mark, import);
            }
            TaskChange::DaysSetRight(totals) => {
                self.core.meta.touch(&mark);
                add(&mut self.days, &totals.days);
                self.count_days();
            }
            TaskChange::Focused(focused) => {
                self.core.meta.touch(&mark);
                self.focused(&focused, 1);
            }
            TaskChange::Unfocused(focused) => {
                self.core.meta.touch(&mark);
                self.focused(&focused, -1);
            }
            TaskChange::FocusStarted(_) => self.core.meta.touch(&mark),
        }
    }

    fn lived(&mut self, mark: &Mark, lifecycle: Lifecycle<TaskFields>) {
        self.keep(mark, &lifecycle);
        if let Lifecycle::Reaffirmed(reaffirmed) = &lifecycle {
            match reaffirmed.register {
                Register::Day(day) => self.reaffirmed(mark, day, reaffirmed.moment),
                Register::Completion if self.completed_at.is_some() => self.completed_at = Some(reaffirmed.moment),
                _ => {}
            }
        }
        self.core.apply(mark, lifecycle);
    }

    fn reaffirmed(&mut self, mark: &Mark, day: Date, moment: i64) {
        let entry = self.days.entry(day).or_default();
        entry.written = Some(mark.written());
        if let Some(done) = &mut entry.completion {
            done.moment = moment;
        }
        self.count_days();
    }

    fn completed(&mut self, mark: &Mark, done: Completion) {
        if !self.is_habit() {
            self.core.meta.stamps.completion = Some(mark.written());
            self.completed_at = Some(done.moment);
            self.completion = Some(done);
            return;
        }
        let entry = self.days.entry(done.day).or_default();
        entry.add(1, 0, done.balls, done.xp);
        entry.written = Some(mark.written());
        entry.completion = Some(done);
        self.count_days();
    }

    fn uncompleted(&mut self, mark: &Mark, done: &Completion) {
        if !self.is_habit() {
            self.core.meta.stamps.completion = Some(mark.written());
            self.completed_at = None;
            self.completion = None;
            return;
        }
        let entry = self.days.entry(done.day).or_default();
        entry.add(-1, 0, -done.balls, -done.xp);
        entry.written = Some(mark.written());
        entry.completion = None;
        self.count_days();
    }

    fn focused(&mut self, focused: &Focused, sign: i64) {
        let Focused { minutes, cycles, balls, xp, .. } = *focused;
        self.focus_minutes = self.focus_minutes.saturating_add(sign * minutes).max(0);
        self.focus_cycles = self.focus_cycles.saturating_add(sign * cycles).max(0);
        self.focus_energy = self.focus_energy.saturating_add(sign * balls).max(0);
        if self.is_habit() {
            self.days.entry(focused.day).or_default().add(0, sign * minutes, sign * balls, sign * xp);
        }
    }

    pub(super) fn count_days(&mut self) {
        let done = || self.days.iter().rev().filter(|(_, entry)| entry.completion.is_some());
        let run = streak::streak(done().map(|(day, _)| *day));
        let last = done().next().and_then(|(_, entry)| entry.completion.as_ref()).map(|done| done.moment);
        self.completion_count = i64::try_from(done().count()).unwrap_or(i64::MAX);
        self.streak = run.days;
        self.last_completed_on = run.last;
        self.last_completed_at = last;
    }
}
