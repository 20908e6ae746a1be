//! What a command to a task comes to.

use super::command::TaskCommand;
use super::event::{TaskChange, TaskEvent};
use super::state::Task;
use crate::completion::{Completion, FocusSession, FocusStarted, Focused};
use crate::entity::aggregate::aggregate;
use crate::entity::meta::wins;
use crate::entity::reaffirmed;
use crate::entity::{Context, Decision, Register};
use crate::rejection::Rejection;
use crate::rules::reward::focus_balls;
use crate::stamp::Written;

impl Task {
    /// What a command comes to; changes nothing.
    ///
    /// # Errors
    /// Whatever refuses the command.
    pub fn decide(&self, command: TaskCommand, context: &Context) -> Result<Decision<TaskChange>, Rejection> {
        if let TaskCommand::Lifecycle(command) = command {
            return Ok(self.core.decide(command, &[], context)?.map(TaskChange::Lifecycle));
        }
        if let (TaskCommand::ImportDays(import), true) = (&command, self.core.meta.exists()) {
            // They are history, which reaches tombstones too.
            return Ok(Decision::applied(TaskChange::DaysImported(import.clone())));
        }
        if let (TaskCommand::SetDaysRight(totals), true) = (&command, self.core.meta.exists()) {
            return Ok(Decision::applied(TaskChange::DaysSetRight(totals.clone())));
        }
        if let TaskCommand::Compensate(asked) = command {
            return self.compensate(asked, context);
        }
        self.core.must_be_writable(context)?;
        Ok(match command {
            TaskCommand::Complete => self.complete(context),
            TaskCommand::Uncomplete => self.uncomplete(context),
            TaskCommand::Focus(session) => self.focus(&session, context),
            TaskCommand::StartFocus(minutes) => {
                Decision::applied(TaskChange::FocusStarted(FocusStarted { moment: context.moment, minutes }))
            }
            TaskCommand::Lifecycle(_)
            | TaskCommand::ImportDays(_)
            | TaskCommand::SetDaysRight(_)
            | TaskCommand::Compensate(_) => Decision::unchanged(None),
        })
    }

    /// The register that the moment falls into: its name, its last write and what stands in it.
    fn register(&self, context: &Context) -> (Register, Option<&Written>, Option<&Completion>) {
        if !self.is_habit() {
            return (Register::Completion, self.core.meta.stamps.completion.as_ref(), self.completion.as_ref());
        }
        let day = context.day();
        let entry = self.days.get(&day);
        let written = entry.and_then(|entry| entry.written.as_ref());
        (Register::Day(day), written, entry.and_then(|entry| entry.completion.as_ref()))
    }

    fn complete(&self, context: &Context) -> Decision<TaskChange> {
        let (register, written, standing) = self.register(context);
        if !wins(written, context.stamp(), &context.seen) {
            return Decision::superseded();
        }
        if standing.is_some() {
            return again(register, context);
        }
        let fields = &self.core.fields;
        Decision::applied(TaskChange::Completed(Completion {
            moment: context.moment,
            day: context.day(),
            xp: fields.exp_reward,
            skill_id: fields.skill_id,
            balls: context.balls(fields.energy_cost),
        }))
    }

    fn uncomplete(&self, context: &Context) -> Decision<TaskChange> {
        let (register, written, standing) = self.register(context);
        if !wins(written, context.stamp(), &context.seen) {
            return Decision::superseded();
        }
        match standing {
            Some(done) => {
                let balls = context.balls_back(done.balls, done.day);
                Decision::applied(TaskChange::Uncompleted(Completion { balls, ..done.clone() }))
            }
            None => again(register, context),
        }
    }

    fn focus(&self, session: &FocusSession, context: &Context) -> Decision<TaskChange> {
        let FocusSession { minutes, cycles, balls } = *session;
        let balls = balls.unwrap_or_else(|| focus_balls(minutes, context.hero.ball_minutes));
        let fields = &self.core.fields;
        Decision::applied(TaskChange::Focused(Focused {
            moment: context.moment,
            day: context.day(),
            minutes,
            cycles,
            balls: context.balls(balls),
            xp: fields.exp_reward * cycles,
            skill_id: fields.skill_id,
            of: None,
        }))
    }
}

/// It is so already. The register takes note all the same: its stamp decides about writes that are under way.
fn again(register: Register, context: &Context) -> Decision<TaskChange> {
    Decision::unchanged(Some(TaskChange::Lifecycle(reaffirmed(register, context))))
}

aggregate!(Task, "task", TaskCommand, TaskEvent);
