//! What a compensation of a milestone comes to.

use super::event::{MilestoneChange, Ticked};
use super::state::Milestone;
use crate::entity::lifecycle::Reaffirmed;
use crate::entity::meta::wins;
use crate::entity::{Context, Decision, Lifecycle, Register};
use crate::rejection::Rejection;

impl Milestone {
    pub(super) fn compensate(
        &self,
        reached_at: Option<i64>,
        context: &Context,
    ) -> Result<Decision<MilestoneChange>, Rejection> {
        if !self.core.meta.exists() {
            return Err(Rejection::NotFound);
        }
        let ticked = |moment, counted| Ticked { moment, day: Some(context.day_of(counted)) };
        let change = match (reached_at, self.completed_at) {
            (now, before) if now == before => return Ok(Decision::unchanged(None)),
            (Some(moment), None) => MilestoneChange::Completed(ticked(moment, moment)),
            (Some(moment), Some(_)) => {
                let (register, base) = (Register::Completion, context.seen.base);
                MilestoneChange::Lifecycle(Lifecycle::Reaffirmed(Reaffirmed { register, moment, base }))
            }
            (None, before) => MilestoneChange::Reopened(ticked(context.moment, before.unwrap_or(context.moment))),
        };
        let stands = wins(self.core.meta.stamps.completion.as_ref(), context.stamp(), &context.seen);
        Ok(if stands { Decision::applied(change) } else { Decision::superseded() })
    }
}
