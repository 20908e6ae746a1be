//! The life that every kind shares: created, edited, deleted, restored. What it comes to; the fold is in `fold`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::context::Context;
use super::fields::{Fields, Policy, parse, policy, references as references_of, values};
use super::kind::{EntityRef, Kind};
use super::lifecycle::{Created, Lifecycle, LifecycleCommand};
use super::meta::{Gone, Meta, Took};
use super::outcome::{Outcome, OutcomeKind};
use super::recorded::Decision;
use crate::id::EntityId;
use crate::limits::SPACE_LIVE_ENTITIES_MAX;
use crate::merge;
use crate::references;
use crate::rejection::Rejection;

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
            LifecycleCommand::Delete => self.delete(context),
            LifecycleCommand::Restore => self.restore(context),
            LifecycleCommand::Resolve(field, choice) => self.resolve(&field, choice, context),
            LifecycleCommand::Follow(gone) => Ok(self.follow(gone, context)),
            LifecycleCommand::Return => Ok(self.come_back(context)),
            LifecycleCommand::Clear(field, id) => Ok(self.clear(&field, id)),
            LifecycleCommand::Refer(field, id) => Ok(self.refer(&field, id, context)),
            LifecycleCommand::Await(by) => Ok(self.wait_for(by)),
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
            LifecycleCommand::Refer(field, id) => {
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
        // The hero's id is the space's own. No other kind takes it: what is kept by id alone would be mixed.
        if self.meta.exists() || (F::KIND != Kind::Hero && id == EntityId::from(context.space)) {
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
        let hidden = references::settle::<F>(&mut all, &Map::new(), id, required, place, context)?;
        let fields = parse::<F>(all, "/data")?;
        let gone = self.goes_with(&fields, required, context);
        let legacy_id = F::KIND.has_legacy_id().then_some(context.legacy_next);
        let cleared = hidden.keys().cloned().collect();
        let mut outcome = Outcome::of_fields(1, Vec::new(), cleared);
        if gone.is_some() {
            outcome.kind = OutcomeKind::Merged;
        }
        let created = Created { id, moment: context.moment, legacy_id, fields, hidden, gone, kept: None };
        Ok(Decision { event: Some(Lifecycle::Created(Box::new(created))), outcome })
    }

    /// The deletion of what a new entity belongs to, if its device could not know of it.
    fn goes_with(&self, fields: &F, required: &[&str], context: &Context) -> Option<Gone> {
        let references = references_of::<F>(&values(fields)).into_iter();
        let mut belongs = references.filter(|reference| required.contains(&reference.field));
        belongs.find_map(|reference| context.world.get(reference.target).deletion)
    }
}
