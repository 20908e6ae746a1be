//! A goal's state and the fold of its events.

use serde::{Deserialize, Serialize};

use super::command::GoalFields;
use super::event::{GoalChange, GoalEvent};
use crate::completion::Completion;
use crate::day_entry::{Days, NO_DAYS};
use crate::entity::core::HasFields;
use crate::entity::hidden::{Columns, Hidden, Instead};
use crate::entity::{Core, Lifecycle, Register};
use crate::id::EntityId;

/// What tasks and milestones serve.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// What every kind has.
    #[serde(flatten)]
    pub core: Core<GoalFields>,
    /// When it was reached, Unix ms.
    #[serde(default)]
    pub completed_at: Option<i64>,
    /// What that granted.
    #[serde(default)]
    pub completion: Option<Completion>,
    /// Live milestones that are completed.
    #[serde(default)]
    pub milestones_done: i64,
    /// Live milestones.
    #[serde(default)]
    pub milestones_total: i64,
    /// Minutes of focus so far.
    #[serde(default)]
    pub focus_minutes: i64,
    /// Finished focus cycles so far.
    #[serde(default)]
    pub focus_cycles: i64,
}

impl HasFields for Goal {
    type Fields = GoalFields;
}

impl Goal {
    /// When it was completed, Unix ms.
    pub fn completed_at(&self) -> Option<i64> {
        self.completed_at
    }

    /// The goal that it is part of.
    pub fn parents(&self) -> Vec<EntityId> {
        self.core.fields.parent_id.into_iter().collect()
    }

    /// A goal keeps no days.
    pub fn days(&self) -> &Days {
        &NO_DAYS
    }

    /// `completed` is shown as the status of a goal that is.
    pub fn hidden(row: &impl Columns) -> &'static [Hidden] {
        if row.has("completed_at") { &[("status", Instead::Text("completed"))] } else { &[] }
    }

    pub(super) fn fold(&mut self, event: GoalEvent) {
        let mark = event.mark;
        if let GoalChange::Lifecycle(lifecycle) = event.change {
            self.keep(&mark, &lifecycle);
            if let Lifecycle::Reaffirmed(again) = &lifecycle
                && again.register == Register::Completion
                && self.completed_at.is_some()
            {
                self.completed_at = Some(again.moment);
            }
            self.core.apply(&mark, lifecycle);
            return;
        }
        self.core.meta.touch(&mark);
        match event.change {
            GoalChange::Completed(done) => {
                self.core.meta.stamps.completion = Some(mark.written());
                self.completed_at = Some(done.moment);
                self.completion = Some(done);
            }
            GoalChange::Reopened(_) => {
                self.core.meta.stamps.completion = Some(mark.written());
                self.completed_at = None;
                self.completion = None;
            }
            GoalChange::Focused(focused) => {
                self.focus_minutes = self.focus_minutes.saturating_add(focused.minutes);
                self.focus_cycles = self.focus_cycles.saturating_add(focused.cycles);
            }
            GoalChange::Unfocused(focused) => {
                self.focus_minutes = self.focus_minutes.saturating_sub(focused.minutes).max(0);
                self.focus_cycles = self.focus_cycles.saturating_sub(focused.cycles).max(0);
            }
            GoalChange::Counted(counted) => {
                self.milestones_done = (self.milestones_done + counted.done).max(0);
                self.milestones_total = (self.milestones_total + counted.total).max(0);
            }
            GoalChange::FocusStarted(_) | GoalChange::Lifecycle(_) => {}
        }
    }
}
