//! What an import brings to a goal. Its counts come from its milestones, as ever.

use super::command::GoalFields;
use super::state::Goal;
use crate::entity::{Lifecycle, Mark};

impl Goal {
    /// Takes over what an imported creation keeps.
    pub(super) fn keep(&mut self, mark: &Mark, lifecycle: &Lifecycle<GoalFields>) {
        let Lifecycle::Created(created) = lifecycle else { return };
        let Some(kept) = &created.kept else { return };
        (self.focus_minutes, self.focus_cycles) = (kept.focus_minutes, kept.focus_cycles);
        (self.completed_at, self.completion) = (kept.completed_at, kept.completion.clone());
        self.core.meta.stamps.completion = kept.completed_at.map(|_| mark.written());
    }
}
