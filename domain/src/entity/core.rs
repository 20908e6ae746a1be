//! The life that every kind shares: created, edited, deleted, restored. Decisions here, and the fold of their events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::context::Context;
use super::fields::{Fields, Policy, parse, policy, references as references_of, values};
use super::kind::EntityRef;
use super::lifecycle::{Created, Deleted, Edited, Lifecycle, LifecycleCommand, Reaffirmed, Restored};
use super::meta::{Meta, Register, Took, wins};
use super::outcome::Outcome;
use super::recorded::{Decision, Mark};
use crate::id::EntityId;
use crate::limits::SPACE_LIVE_ENTITIES_MAX;
use crate::merge;
use crate::references;
use crate::rejection::Rejection;
use crate::stamp::Stamp;

/// Meta and writable fields of an entity; a kind adds its derived state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Core<F> {
    /// Identity, version, stamps, tombstone.
    #[serde(flatten)]
    pub meta: Meta,
    /// What clients may write.
    #[serde(flatten)]
    pub fields: F,
}

/// Says which writable fields a kind has.
pub trait HasFields {
    /// They.
    type Fields: Fields;
}

impl<F: Fields> Core<F> {
    /// What a command of the shared life comes to. `required` are references that cannot be cleared.
    ///
    /// # Errors
    /// Whatever refuses the command.
    pub fn decide(
        &self,
        command: LifecycleCommand,
        required: &[&str],
        context: &Context,
    ) -> Result<Decision<Lifecycle<F>>, Rejection> {
        match command {
            LifecycleCommand::Create(id, data) => self.create(id, data, required, context),
            LifecycleCommand::Import(import) => self.import(*import, required, context),
            LifecycleCommand::Adopt(values) => self.adopt(values, required, context),
            LifecycleCommand::Edit(edit) => {
                self.must_be_writable(context)?;
                Ok(merge::edit((&self.meta, &self.fields), &edit, required, context)?.map(Lifecycle::Edited))
            }
            LifecycleCommand::Delete => self.delete(context, true),
            LifecycleCommand::Follow => self.delete(context, false),
            LifecycleCommand::Restore => self.restore(context),
            LifecycleCommand::Return(deletion) => Ok(self.come_back(deletion, context)),
            LifecycleCommand::Clear(field, id) => Ok(self.refer(&field, id, false, context)),
            LifecycleCommand::Refer(field, id, deletion) => {
                let untouched = self.meta.written(&field).stamp == deletion;
                let may = untouched && !self.would_close_a_cycle(&field, id, context);
                if may { Ok(self.refer(&field, id, true, context)) } else { Ok(Decision::superseded()) }
            }
        }
    }

    /// The entities that a decision about the command has to know.
    pub fn wanted(&self, command: &LifecycleCommand) -> Vec<EntityRef> {
        let found = match command {
            LifecycleCommand::Create(_, data) | LifecycleCommand::Adopt(data) => references_of::<F>(data),
            LifecycleCommand::Import(import) => references_of::<F>(&import.data),
            LifecycleCommand::Edit(edit) => {
                let added = edit.add.iter().map(|(field, members)| (field.clone(), Value::Array(members.clone())));
                references_of::<F>(&edit.set.clone().into_iter().chain(added).collect())
            }
            LifecycleCommand::Restore => references_of::<F>(&values(&self.fields)),
            LifecycleCommand::Refer(field, id, _) => {
                references_of::<F>(&Map::from_iter([(field.clone(), Value::String(id.to_string()))]))
            }
            _ => Vec::new(),
        };
        found.into_iter().map(|reference| reference.target).collect()
    }

    /// How this entity refers to `target`; without a field where it belongs to it.
    pub fn refers_to(&self, target: EntityRef) -> Vec<Took> {
        if !F::REFERENCES.iter().any(|(_, kind)| *kind == target.kind) {
            return Vec::new();
        }
        let entity = EntityRef::new(F::KIND, self.meta.id);
        let belongs = |field: &'static str| F::POLICIES.contains(&(field, Policy::Fixed));
        let found = references_of::<F>(&values(&self.fields)).into_iter();
        found
            .filter(|reference| reference.target == target)
            .map(|reference| Took { entity, field: (!belongs(reference.field)).then(|| reference.field.to_owned()) })
            .collect()
    }

    /// Refuses what never existed, and what this device has seen deleted.
    ///
    /// # Errors
    /// `not_found` and `deleted`.
    pub fn must_be_writable(&self, context: &Context) -> Result<(), Rejection> {
        if !self.meta.exists() {
            return Err(Rejection::NotFound);
        }
        if self.meta.is_seen_deleted(&context.seen) {
            return Err(Rejection::Deleted);
        }
        Ok(())
    }

    pub(super) fn create(
        &self,
        id: EntityId,
        mut data: Map<String, Value>,
        required: &[&str],
        context: &Context,
    ) -> Result<Decision<Lifecycle<F>>, Rejection> {
        if self.meta.exists() {
            return Err(Rejection::AlreadyExists);
        }
        if context.live_entities >= SPACE_LIVE_ENTITIES_MAX {
            return Err(Rejection::SpaceFull { max: SPACE_LIVE_ENTITIES_MAX });
        }
        for field in data.keys() {
            policy::<F>(field, "/data")?;
        }
        if let Some(rejection) = F::refuse(&data, "/data") {
            return Err(rejection);
        }
        F::fill_in(&mut data, context.moment);
        let mut all = values(&parse::<F>(data, "/data")?);
        let place = |field: &str| format!("/data/{field}");
        let cleared = references::settle::<F>(&mut all, &Map::new(), id, required, place, &context.world)?;
        let fields = parse::<F>(all, "/data")?;
        let legacy_id = F::KIND.has_legacy_id().then_some(context.legacy_next);
        let event = Lifecycle::Created(Created { id, moment: context.moment, legacy_id, fields, kept: None });
        Ok(Decision { event: Some(event), outcome: Outcome::of_fields(1, Vec::new(), cleared) })
    }

    fn delete(&self, context: &Context, by_user: bool) -> Result<Decision<Lifecycle<F>>, Rejection> {
        if !self.meta.exists() {
            return Err(Rejection::NotFound);
        }
        if by_user && !wins(self.meta.stamps.deletion.as_ref(), context.stamp(), &context.seen) {
            return Ok(Decision::superseded());
        }
        if self.meta.deleted_at.is_some() {
            return Ok(Decision::unchanged(by_user.then(|| reaffirmed(Register::Deletion, context))));
        }
        let took = context.referrers.iter().filter(|one| one.took.field.is_some() || !one.deleted);
        let took = took.map(|referrer| referrer.took.clone()).collect();
        Ok(Decision::applied(Lifecycle::Deleted(Deleted { moment: context.moment, took })))
    }

    fn restore(&self, context: &Context) -> Result<Decision<Lifecycle<F>>, Rejection> {
        if !self.meta.exists() {
            return Err(Rejection::NotFound);
        }
        if !wins(self.meta.stamps.deletion.as_ref(), context.stamp(), &context.seen) {
            return Ok(Decision::superseded());
        }
        let Some(deletion) = self.meta.taken_by else {
            return Ok(Decision::unchanged(Some(reaffirmed(Register::Deletion, context))));
        };
        if context.live_entities >= SPACE_LIVE_ENTITIES_MAX {
            return Err(Rejection::SpaceFull { max: SPACE_LIVE_ENTITIES_MAX });
        }
        Ok(Decision::applied(self.restored(deletion, context)))
    }

    fn come_back(&self, deletion: Stamp, context: &Context) -> Decision<Lifecycle<F>> {
        if self.meta.taken_by == Some(deletion) {
            Decision::applied(self.restored(deletion, context))
        } else {
            Decision::superseded()
        }
    }

    fn restored(&self, deletion: Stamp, context: &Context) -> Lifecycle<F> {
        Lifecycle::Restored(Restored { moment: context.moment, deletion, took: self.meta.taken.clone() })
    }

    /// While an entity was deleted, its former ancestors may have come under what referred to it.
    pub(super) fn would_close_a_cycle(&self, field: &str, id: EntityId, context: &Context) -> bool {
        let refers_to_its_kind = F::REFERENCES.iter().any(|(name, kind)| *name == field && *kind == F::KIND);
        refers_to_its_kind && context.world.reaches(EntityRef::new(F::KIND, id), self.meta.id)
    }

    /// A follow-up's edit of a reference: it does not ask whether it may.
    fn refer(&self, field: &str, id: EntityId, present: bool, context: &Context) -> Decision<Lifecycle<F>> {
        let before = values(&self.fields);
        let mut after = before.clone();
        references::clear(&mut after, field, id);
        let target = Value::String(id.to_string());
        if present {
            match after.get_mut(field) {
                Some(Value::Array(ids)) => ids.push(target),
                Some(value) => *value = target,
                None => {}
            }
        }
        if before.get(field) == after.get(field) {
            return Decision::unchanged(None);
        }
        let is_set = F::POLICIES.iter().any(|(name, policy)| *name == field && *policy == Policy::Set);
        let change = merge::change(&before, &after, field, is_set);
        let changes = BTreeMap::from([(field.to_owned(), change)]);
        Decision::applied(Lifecycle::Edited(Edited { base: context.seen.base, changes }))
    }

    /// Folds an event of the shared life.
    pub fn apply(&mut self, mark: &Mark, event: Lifecycle<F>) {
        self.meta.touch(mark);
        match event {
            Lifecycle::Created(created) => {
                self.meta.id = created.id;
                self.meta.legacy_id = created.legacy_id;
                self.meta.created_at = created.moment;
                self.meta.created_by = mark.stamp.device;
                self.meta.stamps.created = mark.written();
                self.fields = created.fields;
            }
            Lifecycle::Edited(edited) => self.edited(mark, edited),
            Lifecycle::Deleted(deleted) => {
                self.meta.deleted_at = Some(deleted.moment);
                self.meta.stamps.deletion = Some(mark.written());
                self.meta.taken = deleted.took;
                self.meta.taken_by = Some(mark.stamp);
            }
            Lifecycle::Restored(_) => {
                self.meta.deleted_at = None;
                self.meta.stamps.deletion = Some(mark.written());
                self.meta.taken = Vec::new();
                self.meta.taken_by = None;
            }
            Lifecycle::Reaffirmed(reaffirmed) => match reaffirmed.register {
                Register::Deletion => self.meta.stamps.deletion = Some(mark.written()),
                Register::Completion => self.meta.stamps.completion = Some(mark.written()),
                Register::Day(_) => {}
            },
        }
    }

    fn edited(&mut self, mark: &Mark, edited: Edited) {
        let mut all = values(&self.fields);
        for (field, change) in edited.changes {
            self.meta.stamps.fields.insert(field.clone(), mark.written());
            all.insert(field, change.after);
        }
        // The values were checked when the event was decided; an event of another shape is upcast before it comes here.
        if let Ok(fields) = serde_json::from_value(Value::Object(all)) {
            self.fields = fields;
        }
    }
}

/// A register is written with the state that it has.
pub fn reaffirmed<F>(register: Register, context: &Context) -> Lifecycle<F> {
    Lifecycle::Reaffirmed(Reaffirmed { register, moment: context.moment })
}
