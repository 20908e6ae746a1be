//! Conflicts: fields that several devices wrote without having seen each other. Data like any other: they have an id, a
//! version and a place in the feed; any device may decide one, once.

mod command;
mod decide;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::{ConflictCommand, ConflictFields, Side, side};
pub use event::{ConflictChange, ConflictEvent};
pub use state::Conflict;

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::entity::EntityRef;
use crate::id::{EntityId, SpaceId};

/// The field that a conflict names when one device deleted what another edited.
pub const DELETION: &str = "deleted_at";

/// The open conflicts of an entity by field: what is shown, and what else was written.
pub type Open = BTreeMap<String, (Side, Vec<Side>)>;

/// The id of the conflict about a field: there is one, which may open again.
pub fn conflict_id(space: SpaceId, entity: EntityRef, field: &str) -> EntityId {
    let name = format!("conflict/{}/{}/{field}", entity.kind.name(), entity.id);
    EntityId(Uuid::new_v5(&space.0, name.as_bytes()))
}

/// The commands that bring the conflicts of an entity from one state to another.
pub fn moves(space: SpaceId, entity: EntityRef, before: &Open, after: &Open) -> Vec<(EntityRef, ConflictCommand)> {
    let name = |field: &str| EntityRef::new(crate::entity::Kind::Conflict, conflict_id(space, entity, field));
    let closed = before.keys().filter(|field| !after.contains_key(*field));
    let closed = closed.map(|field| (name(field), ConflictCommand::Close));
    let shown = after.iter().filter(|(field, sides)| before.get(*field) != Some(*sides));
    let shown = shown.map(|(field, (current, others))| {
        let fields = ConflictFields {
            entity_kind: entity.kind.name().to_owned(),
            entity_id: entity.id,
            field: field.clone(),
            current: current.clone(),
            others: others.clone(),
        };
        (name(field), ConflictCommand::Show(fields))
    });
    closed.chain(shown).collect()
}
