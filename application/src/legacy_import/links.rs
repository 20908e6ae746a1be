//! What rows refer to, by the ids of their tables. A number that leads nowhere, or to another person's row, is left out.

use std::collections::BTreeMap;

use domain::entity::Kind;
use domain::id::EntityId;
use serde_json::{Value, json};

use super::columns::int;
use super::notes::Fate;
use super::words::Reading;

/// The entities of the account by the numbers of their rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    known: BTreeMap<(Kind, i64), EntityId>,
}

impl Links {
    /// A row is this entity; several rows can be one.
    pub(super) fn put(&mut self, kind: Kind, row: i64, id: EntityId) {
        self.known.insert((kind, row), id);
    }

    /// The entity of a row.
    pub(super) fn of(&self, kind: Kind, row: i64) -> Option<EntityId> {
        self.known.get(&(kind, row)).copied()
    }

    /// What a column refers to, as a field holds it.
    pub(super) fn field(&self, reading: &mut Reading<'_>, column: &'static str, kind: Kind) -> Value {
        let Some(row) = int(reading.row, column) else { return Value::Null };
        if let Some(id) = self.of(kind, row) {
            return json!(id);
        }
        let message = format!("the account has no {} {row}", kind.name());
        reading.notes.add(&reading.about, Some(column), (Fate::Changed, "reference_dropped"), message);
        Value::Null
    }
}
