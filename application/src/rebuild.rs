//! The refold of a space: what its log says that the current tables hold, and how a row differs from that. The store
//! feeds it events and compares; nothing in here reads or writes.

use std::collections::{BTreeMap, BTreeSet};

use domain::activity::{activity, level};
use domain::entity::{Entity, EntityRef, Event, Kind, legacy_next};
use domain::id::SpaceId;
use serde_json::{Map, Value};

use crate::submit::{share, shown};

mod difference;
mod projection;

pub use difference::{Column, Difference, How};
pub use projection::{PROJECTIONS, Projection, Projections, Source, folded};

/// A row as the store writes it, by column.
pub type Row = Map<String, Value>;

/// What the head of a space counts beside positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    /// Entities that are not deleted.
    pub live_entities: i64,
    /// The sum of the checksums of live entities, mod 2^64.
    pub checksum: u64,
    /// The next integer id for API v1.
    pub legacy_next: i64,
}

/// The entities of one space, folded from its log.
#[derive(Debug)]
pub struct Fold {
    space: SpaceId,
    entities: BTreeMap<EntityRef, Entity>,
    shares: BTreeMap<EntityRef, u64>,
    touched: BTreeSet<EntityRef>,
    activity: Vec<Row>,
    counters: Counters,
}

/// Rows of the current tables.
#[derive(Debug, Default)]
pub struct Rows {
    /// By kind of entity.
    pub entities: BTreeMap<Kind, Vec<Row>>,
    /// Days of heroes and habits.
    pub days: Vec<Row>,
    /// What a log page shows.
    pub activity: Vec<Row>,
}

impl Fold {
    /// A space before its first event.
    pub fn new(space: SpaceId) -> Self {
        let counters = Counters { live_entities: 0, checksum: 0, legacy_next: 1 };
        let (entities, shares, touched) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { space, entities, shares, touched, activity: Vec::new(), counters }
    }

    /// How many events of the entity were folded.
    pub fn version(&self, entity: EntityRef) -> i64 {
        self.entities.get(&entity).map_or(0, |known| known.meta().version)
    }

    /// Folds the next event of an entity.
    pub fn apply(&mut self, entity: EntityRef, event: Event) {
        let state = self.entities.entry(entity).or_insert_with(|| Entity::absent(entity.kind));
        let (was_live, level) = (state.meta().is_live(), level(state));
        state.apply(event.clone());
        let is = state.meta();
        self.counters.live_entities += i64::from(is.is_live()) - i64::from(was_live);
        self.counters.legacy_next = legacy_next(self.counters.legacy_next, is.legacy_id);
        let shown = activity(level, state, &event).map(|shown| shown.row());
        self.activity.extend(shown.map(|row| with_space(self.space, row)));
        self.touched.insert(entity);
    }

    /// The rows of the entities that were folded since the rows were last taken, with all their days, and the activity
    /// since then.
    pub fn take_rows(&mut self) -> Rows {
        self.take_rows_of(usize::MAX)
    }

    /// The same of at most so many entities, so that the rows of a very large space are never held together.
    pub fn take_rows_of(&mut self, entities_max: usize) -> Rows {
        let mut rows = self.take_activity();
        for _ in 0..entities_max {
            let Some(entity) = self.touched.pop_first() else { break };
            let Some(state) = self.entities.get(&entity) else { continue };
            let mut row = state.row();
            let share = share(state, &shown(state.kind(), row.clone()));
            let before = self.shares.insert(entity, share).unwrap_or_default();
            self.counters.checksum = self.counters.checksum.wrapping_sub(before).wrapping_add(share);
            row = with_space(self.space, row);
            row.insert("checksum".to_owned(), Value::from(share.cast_signed()));
            rows.entities.entry(entity.kind).or_default().push(row);
            rows.days.extend(day_rows(self.space, entity, state));
        }
        rows
    }

    /// The activity of the events that were folded since it was last taken.
    pub fn take_activity(&mut self) -> Rows {
        Rows { activity: std::mem::take(&mut self.activity), ..Rows::default() }
    }

    /// Whether entities were folded whose rows were not taken.
    pub fn has_rows(&self) -> bool {
        !self.touched.is_empty() || !self.activity.is_empty()
    }

    /// What the head has to count, as of the rows that were taken last.
    pub fn counters(&self) -> Counters {
        self.counters
    }
}

fn with_space(space: SpaceId, mut row: Row) -> Row {
    row.insert("space_id".to_owned(), Value::from(space.to_string()));
    row
}

fn day_rows(space: SpaceId, entity: EntityRef, state: &Entity) -> Vec<Row> {
    let days = state.days();
    let row = |(day, entry)| {
        let Ok(Value::Object(mut row)) = serde_json::to_value(entry) else { return None };
        row.insert("space_id".to_owned(), Value::from(space.to_string()));
        row.insert("entity_id".to_owned(), Value::from(entity.id.to_string()));
        row.insert("entity".to_owned(), Value::from(entity.kind.name()));
        row.insert("day".to_owned(), Value::from(format!("{day}")));
        Some(row)
    };
    days.iter().filter_map(row).collect()
}
