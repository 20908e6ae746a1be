//! Events and contexts for given / when / then tests of one aggregate.

use serde_json::{Map, Value};

use super::writer::{Writer, phone};
use super::{NOON, id};
use crate::entity::lifecycle::Created;
use crate::entity::{Context, Fields, Lifecycle, Mark, Recorded};
use crate::goal::{GoalChange, GoalFields};
use crate::milestone::{MilestoneChange, MilestoneFields};
use crate::references::Dead;
use crate::skill::{SkillChange, SkillFields};
use crate::stamp::{Seen, Stamp};
use crate::task::{TaskChange, TaskFields};

/// The mark of what `writer` did at `at` and position `position`.
pub(crate) fn mark(writer: Writer, position: i64, at: i64) -> Mark {
    Mark { position, at, stamp: Stamp { ms: at, counter: 0, device: writer.device } }
}

/// The context in which `writer`, who has seen everything before, acts at `at`; its event gets `position`.
pub(crate) fn of(writer: Writer, position: i64, at: i64) -> Context {
    let seen = Seen { base: Some(position - 1), device: writer.device };
    Context { mark: mark(writer, position, at), moment: at, seen, legacy_next: 7, ..Context::default() }
}

fn created<F: Fields>(number: u128, mut data: Value) -> Lifecycle<F> {
    let mut filled = std::mem::take(data.as_object_mut().unwrap_or(&mut Map::new()));
    F::fill_in(&mut filled, NOON);
    let fields = serde_json::from_value(filled.into()).unwrap();
    Lifecycle::Created(Created {
        id: id(number),
        moment: NOON,
        legacy_id: Some(7),
        fields,
        hidden: Dead::new(),
        gone: None,
    })
}

/// The phone created task 1 at noon.
pub(crate) fn task(data: Value) -> Recorded<TaskChange> {
    let fields: Lifecycle<TaskFields> = created(1, data);
    Recorded { mark: mark(phone(), 1, NOON), change: TaskChange::Lifecycle(fields) }
}

/// The phone created goal 1 at noon.
pub(crate) fn goal(data: Value) -> Recorded<GoalChange> {
    let fields: Lifecycle<GoalFields> = created(1, data);
    Recorded { mark: mark(phone(), 1, NOON), change: GoalChange::Lifecycle(fields) }
}

/// The phone created milestone 1 at noon.
pub(crate) fn step(data: Value) -> Recorded<MilestoneChange> {
    let fields: Lifecycle<MilestoneFields> = created(1, data);
    Recorded { mark: mark(phone(), 1, NOON), change: MilestoneChange::Lifecycle(fields) }
}

/// The phone created skill 1 at noon.
pub(crate) fn skill(data: Value) -> Recorded<SkillChange> {
    let fields: Lifecycle<SkillFields> = created(1, data);
    Recorded { mark: mark(phone(), 1, NOON), change: SkillChange::Lifecycle(fields) }
}
