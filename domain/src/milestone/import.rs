//! What an import brings to a milestone.

use super::command::MilestoneFields;
use super::state::Milestone;
use crate::entity::{Lifecycle, Mark};

impl Milestone {
    /// Takes over what an imported creation keeps.
    pub(super) fn keep(&mut self, mark: &Mark, lifecycle: &Lifecycle<MilestoneFields>) {
        let Lifecycle::Created(created) = lifecycle else { return };
        let Some(kept) = &created.kept else { return };
        self.completed_at = kept.completed_at;
        self.core.meta.stamps.completion = kept.completed_at.map(|_| mark.written());
    }
}
