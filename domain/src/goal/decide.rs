//! What a command to a goal comes to.

use super::command::GoalCommand;
use super::event::{Counted, GoalChange, GoalEvent};
use super::state::Goal;
use crate::completion::{Completion, FocusSession, FocusStarted, Focused};
use crate::entity::aggregate::aggregate;
use crate::entity::meta::wins;
use crate::entity::reaffirmed;
use crate::entity::{Context, Decision, Kind, Register};
use crate::rejection::Rejection;
use crate::rules::reward::{GOAL_FOCUS_CYCLE_XP, focus_balls};

impl Goal {
    /// What a command comes to; changes nothing.
    ///
    /// # Errors
    /// Whatever refuses the command.
    pub fn decide(&self, command: GoalCommand, context: &Context) -> Result<Decision<GoalChange>, Rejection> {
        match command {
            GoalCommand::Lifecycle(command) => {
                return Ok(self.core.decide(command, &[], context)?.map(GoalChange::Lifecycle));
            }
            GoalCommand::Count { done, total } => {
                return Ok(Decision::applied(GoalChange::Counted(Counted { done, total })));
            }
            GoalCommand::Compensate(asked) => return self.compensate(asked, context),
            _ => self.core.must_be_writable(context)?,
        }
        match command {
            GoalCommand::Complete => self.complete(context),
            GoalCommand::Reopen => Ok(self.reopen(context)),
            GoalCommand::Focus(session) => Ok(Self::focus(&session, context)),
            GoalCommand::StartFocus(minutes) => {
                let started = FocusStarted { moment: context.moment, minutes };
                Ok(Decision::applied(GoalChange::FocusStarted(started)))
            }
            GoalCommand::Lifecycle(_) | GoalCommand::Count { .. } | GoalCommand::Compensate(_) => {
                Ok(Decision::unchanged(None))
            }
        }
    }

    fn complete(&self, context: &Context) -> Result<Decision<GoalChange>, Rejection> {
        if !wins(self.core.meta.stamps.completion.as_ref(), context.stamp(), &context.seen) {
            return Ok(Decision::superseded());
        }
        if self.completed_at.is_some() {
            return Ok(again(context));
        }
        let open = context.referrers.iter().filter(|one| one.open && one.took.entity.kind == Kind::Milestone);
        let milestones: Vec<_> = open.map(|one| one.took.entity.id).collect();
        if !milestones.is_empty() {
            return Err(Rejection::MilestonesOpen { milestones });
        }
        let fields = &self.core.fields;
        Ok(Decision::applied(GoalChange::Completed(Completion {
            moment: context.moment,
            day: context.day(),
            xp: fields.exp_reward,
            skill_id: fields.skill_id,
            balls: 0,
        })))
    }

    fn reopen(&self, context: &Context) -> Decision<GoalChange> {
        if !wins(self.core.meta.stamps.completion.as_ref(), context.stamp(), &context.seen) {
            return Decision::superseded();
        }
        match &self.completion {
            Some(done) => Decision::applied(GoalChange::Reopened(done.clone())),
            None => again(context),
        }
    }

    fn focus(session: &FocusSession, context: &Context) -> Decision<GoalChange> {
        let FocusSession { minutes, cycles, balls } = *session;
        let balls = balls.unwrap_or_else(|| focus_balls(minutes, context.hero.ball_minutes));
        Decision::applied(GoalChange::Focused(Focused {
            moment: context.moment,
            day: context.day(),
            minutes,
            cycles,
            balls: context.balls(balls),
            xp: GOAL_FOCUS_CYCLE_XP * cycles,
            skill_id: None,
            of: None,
        }))
    }
}

fn again(context: &Context) -> Decision<GoalChange> {
    Decision::unchanged(Some(GoalChange::Lifecycle(reaffirmed(Register::Completion, context))))
}

aggregate!(Goal, "goal", GoalCommand, GoalEvent);
