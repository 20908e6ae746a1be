//! What an event touches: the unit in which one change stands in another's way.

use jiff::civil::Date;
use serde_json::Value;

use super::life::Life;
use crate::entity::lifecycle::Change;
use crate::entity::{Event, Kind, Lifecycle, Policy, Register};
use crate::goal::GoalChange;
use crate::hero::HeroChange;
use crate::milestone::MilestoneChange;
use crate::skill::SkillChange;
use crate::task::TaskChange;

/// Something that an event touches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Touch {
    /// A field with one value.
    Field(String),
    /// A member of a set.
    Member(String, String),
    /// Deleted or not.
    Deletion,
    /// Completed or not; of a habit, on this day.
    Completion(Option<Date>),
    /// The focus session that the event at this position counted or took back.
    Session(i64),
    /// The energy that the event at this position changed.
    Energy(i64),
}

impl Touch {
    /// The field's name for readers.
    pub(super) fn field(&self) -> &str {
        match self {
            Self::Field(field) | Self::Member(field, _) => field,
            Self::Deletion => "deleted_at",
            Self::Completion(_) => "completed_at",
            Self::Session(_) => "focus",
            Self::Energy(_) => "energy_spent",
        }
    }
}

/// What an event touches of an entity that was `life` before it.
pub(super) fn touches(life: &Life, event: &Event) -> Vec<Touch> {
    let position = event.mark().position;
    let with = |of: Option<i64>| std::iter::once(position).chain(of);
    match event {
        Event::Task(one) => match &one.change {
            TaskChange::Completed(done) | TaskChange::Uncompleted(done) => {
                vec![Touch::Completion(life.is_habit().then_some(done.day))]
            }
            TaskChange::Focused(session) | TaskChange::Unfocused(session) => {
                with(session.of).map(Touch::Session).collect()
            }
            TaskChange::DaysImported(import) => {
                import.days.iter().map(|imported| Touch::Completion(Some(imported.day))).collect()
            }
            // That a session was begun is nothing that could be taken back.
            TaskChange::FocusStarted(_) | TaskChange::DaysSetRight(_) => Vec::new(),
            TaskChange::Lifecycle(change) => lifecycle(Kind::Task, change),
        },
        Event::Goal(one) => match &one.change {
            GoalChange::Completed(_) | GoalChange::Reopened(_) => vec![Touch::Completion(None)],
            GoalChange::Focused(session) | GoalChange::Unfocused(session) => {
                with(session.of).map(Touch::Session).collect()
            }
            GoalChange::Lifecycle(change) => lifecycle(Kind::Goal, change),
            GoalChange::FocusStarted(_) | GoalChange::Counted(_) => Vec::new(),
        },
        Event::Milestone(one) => match &one.change {
            MilestoneChange::Completed(_) | MilestoneChange::Reopened(_) => vec![Touch::Completion(None)],
            MilestoneChange::Lifecycle(change) => lifecycle(Kind::Milestone, change),
        },
        Event::Skill(one) => match &one.change {
            SkillChange::Lifecycle(change) => lifecycle(Kind::Skill, change),
            SkillChange::Granted(_)
            | SkillChange::TakenBack(_)
            | SkillChange::Imported(_)
            | SkillChange::SetRight(_) => Vec::new(),
        },
        Event::Conflict(_) => Vec::new(),
        Event::Hero(one) => match &one.change {
            HeroChange::Lifecycle(change) => lifecycle(Kind::Hero, change),
            HeroChange::EnergyRestored(_) => vec![Touch::Energy(position)],
            HeroChange::EnergyAdjusted(adjusted) => with(adjusted.of).map(Touch::Energy).collect(),
            HeroChange::Rewarded(_)
            | HeroChange::TakenBack(_)
            | HeroChange::Imported(_)
            | HeroChange::ActivityImported(_)
            | HeroChange::SetRight(_) => Vec::new(),
        },
    }
}

fn lifecycle<F>(kind: Kind, change: &Lifecycle<F>) -> Vec<Touch> {
    match change {
        // A reference that is shown or not, because its target is alive or not, is nobody's write.
        Lifecycle::Created(_) | Lifecycle::Unlinked(_) | Lifecycle::Linked(_) | Lifecycle::Awaited(_) => Vec::new(),
        Lifecycle::Deleted(_) | Lifecycle::Restored(_) => vec![Touch::Deletion],
        Lifecycle::Reaffirmed(again) => vec![match again.register {
            Register::Deletion => Touch::Deletion,
            Register::Completion => Touch::Completion(None),
            Register::Day(day) => Touch::Completion(Some(day)),
        }],
        Lifecycle::Edited(edited) => {
            edited.changes.iter().flat_map(|(field, change)| edit(kind, field, change)).collect()
        }
    }
}

fn edit(kind: Kind, field: &str, change: &Change) -> Vec<Touch> {
    if !kind.policies().contains(&(field, Policy::Set)) {
        return vec![Touch::Field(field.to_owned())];
    }
    let (before, after) = (members(&change.before), members(&change.after));
    let recorded = change.added.iter().chain(&change.removed).filter_map(Value::as_str);
    let differing =
        before.iter().filter(|one| !after.contains(one)).chain(after.iter().filter(|one| !before.contains(one)));
    recorded.chain(differing.copied()).map(|one| Touch::Member(field.to_owned(), one.to_owned())).collect()
}

/// The members of a set of texts.
pub(super) fn members(set: &Value) -> Vec<&str> {
    set.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str).collect()
}
