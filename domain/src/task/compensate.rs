//! What a compensation of a task comes to.

use jiff::civil::Date;

use super::event::TaskChange;
use super::state::Task;
use crate::compensation::Compensation;
use crate::completion::Completion;
use crate::entity::lifecycle::Reaffirmed;
use crate::entity::meta::wins;
use crate::entity::{Context, Decision, Lifecycle, Register};
use crate::rejection::Rejection;
use crate::stamp::Written;

impl Task {
    pub(super) fn compensate(&self, asked: Compensation, context: &Context) -> Result<Decision<TaskChange>, Rejection> {
        if !self.core.meta.exists() {
            return Err(Rejection::NotFound);
        }
        Ok(match asked {
            Compensation::Uncomplete(day) => self.take_back(day, context),
            Compensation::Recomplete(done) => self.complete_again(done, context),
            Compensation::Retime(moment) => self.retime(moment, context),
            Compensation::Unfocus(session) => Decision::applied(TaskChange::Unfocused(session)),
            Compensation::Refocus(session) => Decision::applied(TaskChange::Focused(session)),
        })
    }

    /// The register of a habit's day, or that of any other task; none if it is not of the present category.
    fn register_of(&self, day: Option<Date>) -> Option<(Option<&Written>, Option<&Completion>)> {
        if day.is_some() != self.is_habit() {
            return None;
        }
        let Some(day) = day else {
            return Some((self.core.meta.stamps.completion.as_ref(), self.completion.as_ref()));
        };
        let entry = self.days.get(&day);
        Some((entry.and_then(|entry| entry.written.as_ref()), entry.and_then(|entry| entry.completion.as_ref())))
    }

    fn take_back(&self, day: Option<Date>, context: &Context) -> Decision<TaskChange> {
        match self.register_of(day) {
            Some((written, _)) if !wins(written, context.stamp(), &context.seen) => Decision::superseded(),
            Some((_, Some(done))) => {
                let balls = context.balls_back(done.balls, done.day);
                Decision::applied(TaskChange::Uncompleted(Completion { balls, ..done.clone() }))
            }
            _ => Decision::unchanged(None),
        }
    }

    fn complete_again(&self, done: Completion, context: &Context) -> Decision<TaskChange> {
        match self.register_of(self.is_habit().then_some(done.day)) {
            Some((written, _)) if !wins(written, context.stamp(), &context.seen) => Decision::superseded(),
            Some((_, None)) => Decision::applied(TaskChange::Completed(done)),
            _ => Decision::unchanged(None),
        }
    }

    fn retime(&self, moment: i64, context: &Context) -> Decision<TaskChange> {
        if self.is_habit() || self.completed_at.is_none_or(|at| at == moment) {
            return Decision::unchanged(None);
        }
        if !wins(self.core.meta.stamps.completion.as_ref(), context.stamp(), &context.seen) {
            return Decision::superseded();
        }
        let (register, base) = (Register::Completion, context.seen.base);
        Decision::applied(TaskChange::Lifecycle(Lifecycle::Reaffirmed(Reaffirmed { register, moment, base })))
    }
}
