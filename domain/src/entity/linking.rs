//! References follow what they refer to: not shown while that is deleted, shown again when it is back.
//!
//! What is wanted was written by somebody and merges; what is shown follows from it and from the life of the target.
//! These are follow-ups: they do not ask whether they may, and leave no stamp.

use serde_json::{Map, Value};

use super::context::Context;
use super::core::Core;
use super::fields::{Fields, Policy, references, values};
use super::kind::EntityRef;
use super::lifecycle::{Awaited, Lifecycle, Link};
use super::meta::Took;
use super::recorded::Decision;
use crate::id::EntityId;
use crate::references;

impl<F: Fields> Core<F> {
    /// The references that are wanted and not shown.
    pub fn hidden(&self) -> Vec<(Took, EntityRef)> {
        let of = |(field, kind): &(&'static str, super::kind::Kind)| -> Vec<(Took, EntityRef)> {
            let ids = self.meta.stamps.hidden.get(*field).into_iter().flatten();
            let entity = EntityRef::new(F::KIND, self.meta.id);
            let took = Took { entity, field: Some((*field).to_owned()) };
            ids.map(|id| (took.clone(), EntityRef::new(*kind, *id))).collect()
        };
        F::REFERENCES.iter().flat_map(of).collect()
    }

    /// What the entity belongs to, and goes with when that is deleted.
    pub fn owner(&self) -> Option<EntityRef> {
        let fixed = |field: &str| F::POLICIES.iter().any(|(name, policy)| *name == field && *policy == Policy::Fixed);
        references::<F>(&values(&self.fields)).into_iter().find(|one| fixed(one.field)).map(|one| one.target)
    }

    pub(super) fn clear(&self, field: &str, id: EntityId) -> Decision<Lifecycle<F>> {
        let before = values(&self.fields);
        let mut after = before.clone();
        references::clear(&mut after, field, id);
        match link(field, id, &before, &after) {
            Some(link) => Decision::applied(Lifecycle::Unlinked(link)),
            None => Decision::unchanged(None),
        }
    }

    pub(super) fn refer(&self, field: &str, id: EntityId, context: &Context) -> Decision<Lifecycle<F>> {
        let wanted = self.meta.stamps.hidden.get(field).is_some_and(|ids| ids.contains(&id));
        if !wanted || self.would_close_a_cycle(field, id, context) {
            return Decision::unchanged(None);
        }
        let before = values(&self.fields);
        let mut after = before.clone();
        let target = Value::String(id.to_string());
        match after.get_mut(field) {
            Some(Value::Array(ids)) => ids.push(target),
            Some(value) => *value = target,
            None => {}
        }
        match link(field, id, &before, &after) {
            Some(link) => Decision::applied(Lifecycle::Linked(link)),
            None => Decision::unchanged(None),
        }
    }

    /// Something refers to it while it is deleted.
    pub(super) fn wait_for(&self, by: Took) -> Decision<Lifecycle<F>> {
        let known = self.meta.is_live() || self.meta.taken.contains(&by);
        if known { Decision::unchanged(None) } else { Decision::applied(Lifecycle::Awaited(Awaited { by })) }
    }

    /// While an entity was deleted, its former ancestors may have come under what referred to it.
    fn would_close_a_cycle(&self, field: &str, id: EntityId, context: &Context) -> bool {
        let refers_to_its_kind = F::REFERENCES.iter().any(|(name, kind)| *name == field && *kind == F::KIND);
        refers_to_its_kind && context.world.reaches(EntityRef::new(F::KIND, id), self.meta.id)
    }
}

fn link(field: &str, target: EntityId, before: &Map<String, Value>, after: &Map<String, Value>) -> Option<Link> {
    let value = |values: &Map<String, Value>| values.get(field).cloned().unwrap_or_default();
    let (before, after) = (value(before), value(after));
    (before != after).then(|| Link { field: field.to_owned(), target, before, after })
}
