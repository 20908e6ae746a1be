//! What a compensation of a goal comes to. A recorded completion stands again whatever its milestones are now.

use super::event::GoalChange;
use super::state::Goal;
use crate::compensation::Compensation;
use crate::entity::lifecycle::Reaffirmed;
use crate::entity::meta::wins;
use crate::entity::{Context, Decision, Lifecycle, Register};
use crate::rejection::Rejection;

impl Goal {
    pub(super) fn compensate(&self, asked: Compensation, context: &Context) -> Result<Decision<GoalChange>, Rejection> {
        if !self.core.meta.exists() {
            return Err(Rejection::NotFound);
        }
        let change = match (asked, &self.completion) {
            (Compensation::Unfocus(session), _) => return Ok(Decision::applied(GoalChange::Unfocused(session))),
            (Compensation::Refocus(session), _) => return Ok(Decision::applied(GoalChange::Focused(session))),
            (Compensation::Uncomplete(None), Some(done)) => GoalChange::Reopened(done.clone()),
            (Compensation::Recomplete(done), None) => GoalChange::Completed(done),
            (Compensation::Retime(moment), Some(_)) if self.completed_at != Some(moment) => {
                let (register, base) = (Register::Completion, context.seen.base);
                GoalChange::Lifecycle(Lifecycle::Reaffirmed(Reaffirmed { register, moment, base }))
            }
            _ => return Ok(Decision::unchanged(None)),
        };
        let stands = wins(self.core.meta.stamps.completion.as_ref(), context.stamp(), &context.seen);
        Ok(if stands { Decision::applied(change) } else { Decision::superseded() })
    }
}
