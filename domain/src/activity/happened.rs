//! What happened by an event, as far as the activity shows it: kind by kind, what was done and the amounts that moved.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{Action, level};
use crate::completion::{Completion, Focused};
use crate::entity::{Entity, EntityRef, Event};
use crate::goal::GoalChange;
use crate::hero::{HeroChange, PastActivity};
use crate::id::EntityId;
use crate::milestone::{MilestoneChange, Ticked};
use crate::skill::SkillChange;
use crate::task::TaskChange;

/// What happened.
pub(super) struct Happened {
    pub(super) action: Action,
    /// When, Unix ms, where that is not the moment of the write.
    pub(super) at: Option<i64>,
    /// The local day, where the event says it.
    pub(super) day: Option<Date>,
    /// With what and what that was called, where the event says it.
    pub(super) about: Option<(Option<EntityRef>, String)>,
    pub(super) skill_id: Option<EntityId>,
    pub(super) xp: i64,
    pub(super) balls: i64,
    pub(super) minutes: i64,
    pub(super) cycles: i64,
    pub(super) level: Option<i64>,
    pub(super) details: Map<String, Value>,
}

/// What happened by an event that made `after` of an entity with this level.
pub(super) fn happened(level_before: i64, after: &Entity, event: &Event) -> Option<Happened> {
    let levels = (level_before, level(after));
    match (event, after) {
        (Event::Task(event), _) => task(&event.change),
        (Event::Goal(event), _) => goal(&event.change),
        (Event::Milestone(event), Entity::Milestone(milestone)) => {
            Some(ticked(&event.change, milestone.core.fields.goal_id)?)
        }
        (Event::Skill(event), _) => match &event.change {
            SkillChange::Granted(xp) | SkillChange::TakenBack(xp) => levelled(levels, xp.day),
            SkillChange::Imported(_) | SkillChange::SetRight(_) | SkillChange::Lifecycle(_) => None,
        },
        (Event::Hero(event), _) => hero(levels, &event.change),
        (Event::Milestone(_) | Event::Conflict(_), _) => None,
    }
}

fn task(change: &TaskChange) -> Option<Happened> {
    match change {
        TaskChange::Completed(done) => Some(Happened::completed(Action::Completed, done, 1)),
        TaskChange::Uncompleted(done) => Some(Happened::completed(Action::Uncompleted, done, -1)),
        TaskChange::Focused(session) => Some(Happened::focused(Action::Focused, session, 1)),
        TaskChange::Unfocused(session) => Some(Happened::focused(Action::Unfocused, session, -1)),
        TaskChange::FocusStarted(_)
        | TaskChange::DaysImported(_)
        | TaskChange::DaysSetRight(_)
        | TaskChange::Lifecycle(_) => None,
    }
}

fn goal(change: &GoalChange) -> Option<Happened> {
    match change {
        GoalChange::Completed(done) => Some(Happened::completed(Action::Completed, done, 1)),
        GoalChange::Reopened(done) => Some(Happened::completed(Action::Reopened, done, -1)),
        GoalChange::Focused(session) => Some(Happened::focused(Action::Focused, session, 1)),
        GoalChange::Unfocused(session) => Some(Happened::focused(Action::Unfocused, session, -1)),
        GoalChange::FocusStarted(_) | GoalChange::Counted(_) | GoalChange::Lifecycle(_) => None,
    }
}

fn ticked(change: &MilestoneChange, goal: EntityId) -> Option<Happened> {
    let of =
        |action, ticked: &Ticked| Happened::of(action, ticked.day).saying([("goal_id", Value::from(goal.to_string()))]);
    match change {
        MilestoneChange::Completed(tick) => Some(of(Action::Completed, tick)),
        MilestoneChange::Reopened(tick) => Some(of(Action::Reopened, tick)),
        MilestoneChange::Lifecycle(_) => None,
    }
}

fn hero(levels: (i64, i64), change: &HeroChange) -> Option<Happened> {
    match change {
        HeroChange::Rewarded(tally) | HeroChange::TakenBack(tally) => levelled(levels, Some(tally.day)),
        HeroChange::EnergyRestored(rested) => {
            Some(Happened { balls: -rested.spent, ..Happened::of(Action::EnergyRestored, Some(rested.day)) })
        }
        HeroChange::EnergyAdjusted(adjusted) => {
            let adjusting = Happened::of(Action::EnergyAdjusted, Some(adjusted.day));
            Some(Happened { balls: adjusted.balls, ..adjusting }.saying(adjusted.of.map(|of| ("of", of.into()))))
        }
        HeroChange::Imported(import) => Some(brought(levels, import.xp, import.tasks_completed, import.days.len())),
        HeroChange::SetRight(totals) => Some(brought(levels, totals.xp, totals.tasks_completed, totals.days.len())),
        HeroChange::ActivityImported(past) => Some(told(past)),
        HeroChange::Lifecycle(_) => None,
    }
}

/// What was done elsewhere, as it was told there.
fn told(past: &PastActivity) -> Happened {
    let of = Happened::of(Action::Past, Some(past.day)).saying([("legacy", past.legacy.clone())]);
    Happened {
        at: Some(past.at),
        about: Some((past.about, past.title.clone())),
        skill_id: past.skill_id,
        xp: past.xp,
        balls: past.balls,
        minutes: past.minutes,
        cycles: past.cycles,
        ..of
    }
}

/// An import, or what a restore over one makes of the totals.
fn brought((before, after): (i64, i64), xp: i64, tasks_completed: i64, days: usize) -> Happened {
    let level = (before != after).then_some(after);
    let says = [("tasks_completed", tasks_completed.into()), ("days", json!(days))];
    Happened { xp, level, ..Happened::of(Action::Imported, None) }.saying(says)
}

fn levelled((before, after): (i64, i64), day: Option<Date>) -> Option<Happened> {
    let action = match after.cmp(&before) {
        std::cmp::Ordering::Equal => return None,
        std::cmp::Ordering::Greater => Action::LevelUp,
        std::cmp::Ordering::Less => Action::LevelDown,
    };
    let levelled = Happened { level: Some(after), ..Happened::of(action, day) };
    Some(levelled.saying([("before", Value::from(before))]))
}

impl Happened {
    fn of(action: Action, day: Option<Date>) -> Self {
        let (xp, balls, minutes, cycles) = (0, 0, 0, 0);
        let (at, about, skill_id, level, details) = (None, None, None, None, Map::new());
        Self { action, at, day, about, skill_id, xp, balls, minutes, cycles, level, details }
    }

    fn completed(action: Action, done: &Completion, sign: i64) -> Self {
        let of = Self::of(action, Some(done.day));
        Self { skill_id: done.skill_id, xp: sign * done.xp, balls: sign * done.balls, ..of }
    }

    fn focused(action: Action, session: &Focused, sign: i64) -> Self {
        let of = Self::of(action, Some(session.day)).saying(session.of.map(|of| ("of", of.into())));
        Self {
            skill_id: session.skill_id,
            xp: sign * session.xp,
            balls: sign * session.balls,
            minutes: sign * session.minutes,
            cycles: sign * session.cycles,
            ..of
        }
    }

    fn saying(mut self, details: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        self.details.extend(details.into_iter().map(|(name, value)| (name.to_owned(), value)));
        self
    }
}
