//! A milestone's state and the fold of its events.

use serde::{Deserialize, Serialize};

use super::command::MilestoneFields;
use super::event::{MilestoneChange, MilestoneEvent};
use crate::day_entry::{Days, NO_DAYS};
use crate::entity::core::HasFields;
use crate::entity::hidden::{Columns, Hidden};
use crate::entity::{Core, Lifecycle, Mark, Register};
use crate::id::EntityId;

/// A step of a goal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// What every kind has.
    #[serde(flatten)]
    pub core: Core<MilestoneFields>,
    /// When it was reached, Unix ms.
    #[serde(default)]
    pub completed_at: Option<i64>,
}

impl HasFields for Milestone {
    type Fields = MilestoneFields;
}

impl Milestone {
    /// When it was completed, Unix ms.
    pub fn completed_at(&self) -> Option<i64> {
        self.completed_at
    }

    /// A milestone refers to no other.
    pub fn parents(&self) -> Vec<EntityId> {
        Vec::new()
    }

    /// A milestone keeps no days.
    pub fn days(&self) -> &Days {
        &NO_DAYS
    }

    /// A milestone hides nothing.
    pub fn hidden(_row: &impl Columns) -> &'static [Hidden] {
        &[]
    }

    pub(super) fn fold(&mut self, event: MilestoneEvent) {
        let mark = event.mark;
        match event.change {
            MilestoneChange::Lifecycle(lifecycle) => {
                self.keep(&mark, &lifecycle);
                if let Lifecycle::Reaffirmed(again) = &lifecycle
                    && again.register == Register::Completion
                    && self.completed_at.is_some()
                {
                    self.completed_at = Some(again.moment);
                }
                self.core.apply(&mark, lifecycle);
            }
            MilestoneChange::Completed(ticked) => self.tick(&mark, Some(ticked.moment)),
            MilestoneChange::Reopened(_) => self.tick(&mark, None),
        }
    }

    fn tick(&mut self, mark: &Mark, completed_at: Option<i64>) {
        self.core.meta.touch(mark);
        self.core.meta.stamps.completion = Some(mark.written());
        self.completed_at = completed_at;
    }
}
