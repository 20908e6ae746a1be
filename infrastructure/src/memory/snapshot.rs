//! The port `application::snapshot` in memory.

use std::collections::{BTreeMap, BTreeSet};

use application::fault::Fault;
use application::snapshot::{CurrentRows, Stage, StageRows, Standing, TailRows, View};
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId};
use serde_json::{Map, Value};

use super::space::{Row, Space, empty_head};
use super::{MemoryStore, State};

/// Events that one page of the tail looks at, for each row that it may have.
const EVENTS_PER_ROW: i64 = 4;

impl CurrentRows for MemoryStore {
    async fn stage(
        &self,
        space: SpaceId,
        stage: Stage,
        view: View,
        from: EntityId,
        rows: i64,
    ) -> Result<StageRows, Fault> {
        let state = self.state();
        let found = state.spaces.get(&space);
        let standing = standing(&state, found);
        let (first, kind) = (EntityRef::new(stage.kind(), from), stage.kind());
        let rows = usize::try_from(rows).unwrap_or_default();
        let all = found.into_iter().flat_map(|space| space.rows.range(first..));
        let of_stage = all.take_while(|(entity, _)| entity.kind == kind).filter(|(_, row)| is_of(stage, row));
        let items = of_stage.take(rows).map(|(_, row)| view.item(kind, (*row.row).clone()));
        Ok(StageRows { standing, items: items.collect::<Result<_, Fault>>()? })
    }

    async fn tail(&self, space: SpaceId, position: i64, rows: i64) -> Result<TailRows, Fault> {
        let state = self.state();
        let Some(found) = state.spaces.get(&space) else {
            let counts = (position == 0).then(|| Kind::ALL.iter().map(|kind| (*kind, 0)).collect());
            return Ok(TailRows { head: empty_head(state.epoch), reached: position, rows: Vec::new(), counts });
        };
        let (reached, rows) = found.tail(position, rows);
        let counts = (reached == found.head.position).then(|| found.counts());
        Ok(TailRows { head: found.head.clone(), reached, rows, counts })
    }
}

fn standing(state: &State, space: Option<&Space>) -> Standing {
    let head = space.map_or_else(|| empty_head(state.epoch), |space| space.head.clone());
    Standing { epoch: head.epoch, position: head.position, repairs: head.repairs }
}

/// The live rows of a stage among those of its kind.
fn is_of(stage: Stage, row: &Row) -> bool {
    let done = row.row.get("completed_at").is_some_and(|at| !at.is_null());
    let habit = row.row.get("category").and_then(Value::as_str) == Some("habit");
    let of_stage = match stage {
        Stage::OpenGoals => !done,
        Stage::CompletedGoals => done,
        Stage::OpenTasks => habit || !done,
        Stage::CompletedTasks => !habit && done,
        _ => true,
    };
    of_stage && row.entity.meta().is_live()
}

/// How far a page of the tail reaches, and its rows.
type Tail = (i64, Vec<(Kind, Map<String, Value>)>);

impl Space {
    /// The rows whose last event is the next in the log, and how far they reach.
    fn tail(&self, position: i64, rows: i64) -> Tail {
        let stretch: Vec<_> = self.after(position, rows.saturating_mul(EVENTS_PER_ROW)).collect();
        let end = stretch.last().map_or(position, |event| event.change.position);
        let named: BTreeSet<EntityRef> =
            stretch.iter().map(|event| EntityRef::new(event.change.entity, event.change.id)).collect();
        let last = |entity: &EntityRef| self.rows.get(entity).map(|row| (row.entity.meta().position, *entity));
        let mut found: Vec<(i64, EntityRef)> = named.iter().filter_map(last).filter(|(at, _)| *at <= end).collect();
        found.sort_unstable();
        let limit = usize::try_from(rows).unwrap_or_default();
        found.truncate(limit);
        let reached = if found.len() < limit { end } else { found.last().map_or(position, |(at, _)| *at) };
        let row = |(_, entity): (i64, EntityRef)| Some((entity.kind, (*self.rows.get(&entity)?.row).clone()));
        (reached, found.into_iter().filter_map(row).collect())
    }

    fn counts(&self) -> BTreeMap<Kind, i64> {
        let live = |kind: Kind| {
            let rows = self.rows.iter().filter(|(entity, row)| entity.kind == kind && row.entity.meta().is_live());
            i64::try_from(rows.count()).unwrap_or(i64::MAX)
        };
        Kind::ALL.iter().map(|kind| (*kind, live(*kind))).collect()
    }
}
