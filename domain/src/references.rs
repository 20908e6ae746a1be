//! References between entities of one space: what a command may refer to, and that no chain of parents closes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value};

use crate::entity::fields::references;
use crate::entity::{Context, EntityRef, Fields, Gone};
use crate::id::EntityId;
use crate::limits::REFERENCE_DEPTH_MAX;
use crate::rejection::Rejection;

/// What is known of an entity that a command refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether it was ever created.
    pub exists: bool,
    /// Whether it is deleted.
    pub deleted: bool,
    /// The write that deleted it (or that keeps it so), and when that was.
    pub deletion: Option<Gone>,
    /// The entities of the same kind that it refers to: its parent, its prerequisites.
    pub parents: Vec<EntityId>,
}

/// The entities that a command refers to, and their ancestors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    known: BTreeMap<EntityRef, Known>,
    /// Whether there are more ancestors than are followed.
    cut_off: bool,
}

impl World {
    /// Gathers `wanted` and the ancestors of each from `lookup`, which answers `None` for what is not loaded yet.
    ///
    /// # Errors
    /// What has to be loaded before this can be answered.
    pub fn gather(
        wanted: impl IntoIterator<Item = EntityRef>,
        mut lookup: impl FnMut(EntityRef) -> Option<Known>,
    ) -> Result<Self, Vec<EntityRef>> {
        let mut world = Self::default();
        let mut missing = Vec::new();
        let mut open: VecDeque<EntityRef> = wanted.into_iter().collect();
        while let Some(next) = open.pop_front() {
            if world.known.contains_key(&next) {
                continue;
            }
            if world.known.len() >= REFERENCE_DEPTH_MAX {
                world.cut_off = true;
                break;
            }
            match lookup(next) {
                None => missing.push(next),
                Some(known) => {
                    open.extend(known.parents.iter().map(|id| EntityRef::new(next.kind, *id)));
                    world.known.insert(next, known);
                }
            }
        }
        if missing.is_empty() { Ok(world) } else { Err(missing) }
    }

    /// What is known of an entity; one that was not gathered does not exist.
    pub fn get(&self, entity: EntityRef) -> Known {
        self.known.get(&entity).cloned().unwrap_or_default()
    }

    /// Whether the chain from `from` upwards comes to `target`, or is too long to tell.
    pub fn reaches(&self, from: EntityRef, target: EntityId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![from.id];
        while let Some(next) = open.pop() {
            if next == target || seen.len() >= REFERENCE_DEPTH_MAX - 1 {
                return true;
            }
            if seen.insert(next) {
                open.extend(self.get(EntityRef::new(from.kind, next)).parents);
            }
        }
        self.cut_off
    }
}

/// Checks the references among `values` of `owner`; those to deleted entities are taken out, and returned by field.
///
/// A reference that the field holds already in `before` is sound and not looked at again. A field listed in `required`
/// cannot be empty: it stays, and its owner shares the fate of what it refers to, unless the writer knew it deleted.
/// `pointer` says where a field stands in the command.
///
/// # Errors
/// A reference to what never existed, to something known to be deleted where one is required, or one that closes a
/// cycle.
pub fn settle<F: Fields>(
    values: &mut Map<String, Value>,
    before: &Map<String, Value>,
    owner: EntityId,
    required: &[&str],
    pointer: impl Fn(&str) -> String,
    context: &Context,
) -> Result<Dead, Rejection> {
    let mut dead = Dead::new();
    let held = references::<F>(before);
    for reference in references::<F>(values).into_iter().filter(|reference| !held.contains(reference)) {
        let (field, pointer) = (reference.field.to_owned(), pointer(reference.field));
        let known = context.world.get(reference.target);
        if reference.target.kind == F::KIND && context.world.reaches(reference.target, owner) {
            return Err(Rejection::ReferenceCycle { pointer, field });
        }
        if !known.exists {
            return Err(Rejection::ReferenceMissing { pointer, field, id: reference.target.id });
        }
        if !known.deleted {
            continue;
        }
        if !required.contains(&reference.field) {
            clear(values, reference.field, reference.target.id);
            dead.entry(field).or_default().insert(reference.target.id);
        } else if known.deletion.is_some_and(|deletion| context.seen.covers(&deletion.written)) {
            return Err(Rejection::ReferenceDeleted { pointer, field });
        }
    }
    Ok(dead)
}

/// References to deleted entities, by field.
pub type Dead = BTreeMap<String, BTreeSet<EntityId>>;

/// Takes a reference out of a field: null where it holds one id, the set without it where it holds several.
pub fn clear(values: &mut Map<String, Value>, field: &str, id: EntityId) {
    let id = id.to_string();
    match values.get_mut(field) {
        Some(Value::Array(ids)) => ids.retain(|member| member.as_str() != Some(&id)),
        Some(value) => *value = Value::Null,
        None => {}
    }
}
