//! The commands of an import to any kind: created with what it keeps, and fields taken over where nobody has written.

use serde_json::{Map, Value};

use super::context::Context;
use super::core::Core;
use super::fields::{Edit, Fields, references};
use super::kept::Import;
use super::lifecycle::Lifecycle;
use super::recorded::Decision;
use crate::limits::INSTANT_MS_MIN;
use crate::merge;
use crate::rejection::Rejection;

impl<F: Fields> Core<F> {
    /// Creates it as any other, at the moment at which it was created elsewhere.
    pub(super) fn import(
        &self,
        import: Import,
        required: &[&str],
        context: &Context,
    ) -> Result<Decision<Lifecycle<F>>, Rejection> {
        let decision = self.create(import.id, import.data, required, context)?;
        let (now, zone) = (context.mark.at, &context.hero.time_zone);
        Ok(decision.map(|event| match event {
            Lifecycle::Created(mut created) => {
                created.moment = import.created_at.clamp(INSTANT_MS_MIN, now);
                created.kept = Some(Box::new(import.kept.settled(zone, now)));
                Lifecycle::Created(created)
            }
            other => other,
        }))
    }

    /// Edits what nobody has written since the creation; what somebody has stays.
    pub(super) fn adopt(
        &self,
        mut values: Map<String, Value>,
        required: &[&str],
        context: &Context,
    ) -> Result<Decision<Lifecycle<F>>, Rejection> {
        if !self.meta.is_live() {
            return Ok(Decision::superseded());
        }
        let closing: Vec<&str> = references::<F>(&values)
            .into_iter()
            .filter(|reference| self.would_close_a_cycle(reference.field, reference.target.id, context))
            .map(|reference| reference.field)
            .collect();
        values.retain(|field, _| !self.meta.stamps.fields.contains_key(field) && !closing.contains(&field.as_str()));
        if values.is_empty() {
            return Ok(Decision::unchanged(None));
        }
        let edit = Edit { set: values, ..Edit::default() };
        Ok(merge::edit((&self.meta, &self.fields), &edit, required, context)?.map(Lifecycle::Edited))
    }
}
