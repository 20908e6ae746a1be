//! An entity as stores remember it: with what readers are shown of it, made once when a write first needs it. Most writes
//! change what was written a moment ago, and to make this anew is a good part of what a command costs.

use std::ops::Deref;
use std::sync::OnceLock;

use domain::entity::Entity;
use serde_json::{Map, Value};

use crate::submit::{PRIVATE, share, shown};

/// An entity as it stands, and what readers are shown of it.
#[derive(Clone, Debug)]
pub struct CurrentEntity {
    entity: Entity,
    view: OnceLock<View>,
}

#[derive(Clone, Debug)]
struct View {
    shown: Map<String, Value>,
    share: u64,
    text_bytes: usize,
}

impl CurrentEntity {
    /// An entity of which nothing has been shown yet.
    #[must_use]
    pub fn new(entity: Entity) -> Self {
        Self { entity, view: OnceLock::new() }
    }

    /// An entity and its row, of which it makes what is shown.
    pub(crate) fn with_row(entity: Entity) -> (Self, Map<String, Value>) {
        let row = entity.row();
        let view = View::of(&entity, &row);
        (Self { entity, view: OnceLock::from(view) }, row)
    }

    /// What readers are shown of it.
    pub(crate) fn shown(&self) -> &Map<String, Value> {
        &self.view().shown
    }

    /// What it adds to the checksum of its space.
    pub(crate) fn share(&self) -> u64 {
        self.view().share
    }

    /// Bytes of the texts in its row, however deep they lie. The entity holds them, and what is shown of it most of them again.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.view().text_bytes
    }

    fn view(&self) -> &View {
        self.view.get_or_init(|| View::of(&self.entity, &self.entity.row()))
    }
}

impl View {
    fn of(entity: &Entity, row: &Map<String, Value>) -> Self {
        let public = row.iter().filter(|(column, _)| !PRIVATE.contains(&column.as_str()));
        let shown = shown(entity.kind(), public.map(|(column, value)| (column.clone(), value.clone())).collect());
        Self { share: share(entity, &shown), shown, text_bytes: row.values().map(text_bytes).sum() }
    }
}

/// Bytes of the texts in a value.
fn text_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(text_bytes).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + text_bytes(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

impl Deref for CurrentEntity {
    type Target = Entity;

    fn deref(&self) -> &Entity {
        &self.entity
    }
}

/// What is shown follows from the entity.
impl PartialEq for CurrentEntity {
    fn eq(&self, other: &Self) -> bool {
        self.entity == other.entity
    }
}
