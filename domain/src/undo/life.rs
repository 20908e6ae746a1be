//! An entity as it was at a position: its fold, and the focus sessions that count.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use crate::completion::{Completion, Focused};
use crate::entity::{Entity, Event, Kind};
use crate::goal::GoalChange;
use crate::hero::HeroChange;
use crate::skill::SkillChange;
use crate::task::TaskChange;

/// An entity at a position.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// Its state.
    pub entity: Entity,
    /// The focus sessions that count, in the order of the log.
    pub sessions: Vec<Session>,
    /// How often an import brought it something, or a restore set that right.
    pub brought: usize,
}

/// A focus session that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Position of the event that counted it.
    pub position: i64,
    /// Whether it counted for a habit's day too.
    pub habit: bool,
    /// What was counted.
    pub focused: Focused,
}

/// A register of completion: when it was set, and what that granted, where it grants something.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Standing {
    pub(super) at: Option<i64>,
    pub(super) completion: Option<Completion>,
}

impl Life {
    /// Before the first event.
    pub fn absent(kind: Kind) -> Self {
        Self { entity: Entity::absent(kind), sessions: Vec::new(), brought: 0 }
    }

    /// Folds the next event.
    pub fn apply(&mut self, event: Event) {
        let position = event.mark().position;
        match session(&event) {
            Some((focused, true)) => self.sessions.retain(|one| Some(one.position) != focused.of),
            Some((focused, false)) => {
                self.sessions.push(Session { position, habit: self.is_habit(), focused: focused.clone() });
            }
            None => {}
        }
        self.brought += usize::from(brings(&event));
        self.entity.apply(event);
    }

    /// Whether it is a habit.
    pub fn is_habit(&self) -> bool {
        matches!(&self.entity, Entity::Task(task) if task.is_habit())
    }

    pub(super) fn is_live(&self) -> bool {
        self.entity.meta().is_live()
    }

    pub(super) fn is_deleted_itself(&self) -> bool {
        self.entity.meta().is_deleted_itself()
    }

    /// Whether it is deleted only because what it belongs to is.
    pub(super) fn is_gone_along(&self) -> bool {
        let meta = self.entity.meta();
        meta.exists() && meta.stamps.gone.is_some() && !meta.is_deleted_itself()
    }

    /// The value of a column.
    pub(super) fn value(&self, field: &str) -> Value {
        self.entity.row().remove(field).unwrap_or_default()
    }

    /// The registers that are set: that of a habit's day by the day, the other by none.
    pub(super) fn standing(&self) -> BTreeMap<Option<Date>, Standing> {
        let mut standing = BTreeMap::new();
        let (at, completion) = match &self.entity {
            Entity::Task(task) => (task.completed_at, task.completion.clone()),
            Entity::Goal(goal) => (goal.completed_at, goal.completion.clone()),
            Entity::Milestone(milestone) => (milestone.completed_at, None),
            _ => (None, None),
        };
        if at.is_some() {
            standing.insert(None, Standing { at, completion });
        }
        if let Entity::Task(task) = &self.entity {
            for (day, entry) in &task.days {
                if let Some(done) = &entry.completion {
                    standing.insert(Some(*day), Standing { at: None, completion: Some(done.clone()) });
                }
            }
        }
        standing
    }
}

/// Whether an event brings amounts that nothing here was done for, or sets such right.
fn brings(event: &Event) -> bool {
    match event {
        Event::Task(event) => matches!(event.change, TaskChange::DaysImported(_) | TaskChange::DaysSetRight(_)),
        Event::Skill(event) => matches!(event.change, SkillChange::Imported(_) | SkillChange::SetRight(_)),
        Event::Hero(event) => matches!(event.change, HeroChange::Imported(_) | HeroChange::SetRight(_)),
        _ => false,
    }
}

/// The focus session that an event counts, or (true) takes back.
pub(super) fn session(event: &Event) -> Option<(&Focused, bool)> {
    match event {
        Event::Task(event) => match &event.change {
            TaskChange::Focused(focused) => Some((focused, false)),
            TaskChange::Unfocused(focused) => Some((focused, true)),
            _ => None,
        },
        Event::Goal(event) => match &event.change {
            GoalChange::Focused(focused) => Some((focused, false)),
            GoalChange::Unfocused(focused) => Some((focused, true)),
            _ => None,
        },
        _ => None,
    }
}
