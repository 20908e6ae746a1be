//! A replica as a document that compares byte by byte, and the list of differences between two sides.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::{canonical::canonical, checksum};
use super::{Replica, Row};

impl Replica {
    /// The live entities as canonical JSON, by kind and id. It holds no cursor and no tombstones, so that a replica read
    /// from the log and one read from a snapshot are equal exactly when their documents are.
    #[must_use]
    pub fn document(&self) -> String {
        let entities: Vec<Value> = self
            .live()
            .map(|(entity, id, row)| {
                json!({ "entity": entity, "id": id, "version": row.version, "fields": told(&row.fields) })
            })
            .collect();
        let checksum = checksum::to_hex(self.checksum());
        canonical(&json!({ "position": self.position(), "checksum": checksum, "entities": entities }))
    }

    /// What differs between the live entities of two replicas, a line each; nothing when they are equal.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        for (entity, id, row) in self.live() {
            match other.row(entity, id).filter(|row| !row.is_tombstone()) {
                Some(theirs) => lines.extend(row_differences(entity, id, row, theirs)),
                None => lines.push(format!("{entity} {id} is missing")),
            }
        }
        let surplus = other.live().filter(|(entity, id, _)| self.row(entity, *id).is_none_or(Row::is_tombstone));
        lines.extend(surplus.map(|(entity, id, _)| format!("{entity} {id} should not be there")));
        lines
    }
}

/// What differs between two states of one entity. A field that is absent is null.
#[must_use]
fn row_differences(entity: &str, id: Uuid, ours: &Row, theirs: &Row) -> Vec<String> {
    let mut lines = Vec::new();
    if ours.version != theirs.version {
        lines.push(format!("{entity} {id}: version {} is {}", ours.version, theirs.version));
    }
    let mut names: Vec<&String> = ours.fields.keys().chain(theirs.fields.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let value = |row: &Row| row.fields.get(name).cloned().unwrap_or(Value::Null);
        let (our_value, their_value) = (value(ours), value(theirs));
        if our_value != their_value {
            lines.push(format!("{entity} {id}: {name} {our_value} is {their_value}"));
        }
    }
    lines
}

/// Without nulls: a create tells every field, a snapshot may leave out what is null.
fn told(fields: &Map<String, Value>) -> Map<String, Value> {
    fields.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())).collect()
}
