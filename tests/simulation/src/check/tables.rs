//! The current tables, as a reader of the tail finds them, and what must be so within them.

use std::collections::BTreeMap;

use application::ledger::Head;
use application::submit::shown;
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId};
use serde_json::{Map, Value};

use crate::store::Store;
use crate::world::Wrong;

const ROWS: i64 = 500;

/// The current tables of a space, tombstones too.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) head: Head,
    /// Without what is null.
    pub(crate) rows: BTreeMap<EntityRef, Map<String, Value>>,
}

/// A row without what is null.
pub(crate) fn filled(row: Map<String, Value>) -> Map<String, Value> {
    row.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

pub(crate) async fn read<S: Store>(store: &S, space: SpaceId) -> Result<Tables, Wrong> {
    let (mut rows, mut position) = (BTreeMap::new(), 0);
    loop {
        let tail = store.tail(space, position, ROWS).await?;
        for (kind, row) in tail.rows {
            let id = row.get("id").and_then(|id| serde_json::from_value::<EntityId>(id.clone()).ok());
            let id = id.ok_or_else(|| format!("a row of {} has no id", kind.table()))?;
            rows.insert(EntityRef::new(kind, id), filled(row));
        }
        position = tail.reached;
        if position >= tail.head.position {
            return Ok(Tables { head: tail.head, rows });
        }
    }
}

impl Tables {
    pub(crate) fn is_live(&self, entity: EntityRef) -> bool {
        self.rows.get(&entity).is_some_and(|row| !row.contains_key("deleted_at"))
    }

    /// Live rows as a reader is shown them.
    pub(crate) fn shown(&self) -> BTreeMap<EntityRef, Map<String, Value>> {
        let live = self.rows.iter().filter(|(entity, _)| self.is_live(**entity));
        live.map(|(entity, row)| (*entity, filled(shown(entity.kind, row.clone())))).collect()
    }
}

/// Nothing live shows something deleted, and a goal counts its milestones.
pub(crate) fn references(tables: &Tables) -> Result<(), String> {
    let fields = [("skill_id", Kind::Skill), ("goal_id", Kind::Goal)];
    let mut steps: BTreeMap<EntityId, (i64, i64)> = BTreeMap::new();
    let shown = tables.shown();
    for (entity, row) in &shown {
        let named = |field: &str| row.get(field).and_then(|id| serde_json::from_value::<EntityId>(id.clone()).ok());
        let parent = [("parent_id", entity.kind)];
        for (field, kind) in fields.iter().chain(&parent) {
            if let Some(id) = named(field).filter(|id| !tables.is_live(EntityRef::new(*kind, *id))) {
                return Err(format!("{entity:?} shows the deleted {id} in {field}"));
            }
        }
        if let Some(goal) = named("goal_id").filter(|_| entity.kind == Kind::Milestone) {
            let counts = steps.entry(goal).or_default();
            *counts = (counts.0 + i64::from(row.contains_key("completed_at")), counts.1 + 1);
        }
    }
    for (entity, row) in shown.iter().filter(|(entity, _)| entity.kind == Kind::Goal) {
        let number = |field: &str| row.get(field).and_then(Value::as_i64).unwrap_or_default();
        let (said, counted) = ((number("milestones_done"), number("milestones_total")), steps.get(&entity.id));
        if said != counted.copied().unwrap_or_default() {
            return Err(format!("goal {} says {said:?} milestones, there are {counted:?}", entity.id));
        }
    }
    Ok(())
}
