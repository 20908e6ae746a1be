//! What a command to a milestone comes to.

use super::command::MilestoneCommand;
use super::event::{MilestoneChange, MilestoneEvent, Ticked};
use super::state::Milestone;
use crate::entity::aggregate::aggregate;
use crate::entity::meta::wins;
use crate::entity::reaffirmed;
use crate::entity::{Context, Decision, LifecycleCommand, Register};
use crate::rejection::Rejection;

impl Milestone {
    /// What a command comes to; changes nothing.
    ///
    /// # Errors
    /// Whatever refuses the command.
    pub fn decide(&self, command: MilestoneCommand, context: &Context) -> Result<Decision<MilestoneChange>, Rejection> {
        let done = match command {
            MilestoneCommand::Lifecycle(command) => {
                self.must_have_goal(&command, context)?;
                return Ok(self.core.decide(command, &["goal_id"], context)?.map(MilestoneChange::Lifecycle));
            }
            MilestoneCommand::Compensate(reached_at) => return self.compensate(reached_at, context),
            MilestoneCommand::Complete => true,
            MilestoneCommand::Reopen => false,
        };
        self.core.must_be_writable(context)?;
        if !wins(self.core.meta.stamps.completion.as_ref(), context.stamp(), &context.seen) {
            return Ok(Decision::superseded());
        }
        // What is taken away counts on the day that it was counted on.
        let counted = self.completed_at.filter(|_| !done).unwrap_or(context.moment);
        let ticked = Ticked { moment: context.moment, day: Some(context.day_of(counted)) };
        Ok(match (done, self.completed_at.is_some()) {
            (true, false) => Decision::applied(MilestoneChange::Completed(ticked)),
            (false, true) => Decision::applied(MilestoneChange::Reopened(ticked)),
            _ => {
                let again = reaffirmed(Register::Completion, context);
                Decision::unchanged(Some(MilestoneChange::Lifecycle(again)))
            }
        })
    }

    /// A step cannot come back alone while its goal is known to be deleted.
    fn must_have_goal(&self, command: &LifecycleCommand, context: &Context) -> Result<(), Rejection> {
        let gone = self.core.meta.stamps.gone.filter(|gone| context.seen.covers(&gone.written));
        if matches!(command, LifecycleCommand::Restore) && gone.is_some() {
            return Err(Rejection::ReferenceDeleted { pointer: "/id".to_owned(), field: "goal_id".to_owned() });
        }
        Ok(())
    }
}

aggregate!(Milestone, "milestone", MilestoneCommand, MilestoneEvent);
