//! In which fields two states of an entity differ.

use std::collections::BTreeSet;

use domain::entity::Entity;
use serde_json::{Map, Value};

use super::state::State;
use crate::past::history::BOOKKEEPING;

/// A field that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which; a local day of a hero or a habit is `days.` and the date.
    pub field: String,
    /// Its value before; none where nothing tells.
    pub before: Option<Value>,
    /// Its value after.
    pub after: Value,
}

/// Exactly the fields that differ. What every event moves is left out, and what stands beside the fields.
pub(super) fn difference(before: &Entity, after: &Entity) -> Vec<Change> {
    let fields = |entity: &Entity| match State::of(entity) {
        State::Known(fields) => fields,
        State::Absent | State::Unknown(_) => Map::new(),
    };
    let mut changes = of_maps("", &fields(before), &fields(after));
    if before.days() != after.days() {
        changes.extend(of_maps("days.", &days(before), &days(after)));
    }
    changes
}

/// What readers were told: of an entity of which nothing tells what it was.
pub(super) fn told(fields: &Map<String, Value>) -> Vec<Change> {
    let fields = fields.iter().filter(|(field, _)| is_told(field));
    fields.map(|(field, after)| Change { field: field.clone(), before: None, after: after.clone() }).collect()
}

fn of_maps(prefix: &str, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).filter(|field| is_told(field)).collect();
    let value = |of: &Map<String, Value>, name: &String| of.get(name).cloned().unwrap_or_default();
    let change = |name: &String| {
        let (before, after) = (value(before, name), value(after, name));
        (before != after).then(|| Change { field: format!("{prefix}{name}"), before: Some(before), after })
    };
    names.into_iter().filter_map(change).collect()
}

fn is_told(field: &str) -> bool {
    !BOOKKEEPING.contains(&field) && !["id", "version"].contains(&field)
}

fn days(entity: &Entity) -> Map<String, Value> {
    let entry = |(day, entry)| (format!("{day}"), serde_json::to_value(entry).unwrap_or_default());
    entity.days().iter().map(entry).collect()
}
