//! The user decides a conflict: a write that has seen the candidates that its device was shown.

use serde_json::{Map, Value};

use super::context::Context;
use super::core::Core;
use super::fields::{Edit, Fields};
use super::lifecycle::{Choice, Lifecycle};
use super::recorded::Decision;
use crate::conflict::DELETION;
use crate::merge;
use crate::rejection::{FieldError, Rejection};

impl<F: Fields> Core<F> {
    pub(super) fn resolve(
        &self,
        field: &str,
        choice: Choice,
        context: &Context,
    ) -> Result<Decision<Lifecycle<F>>, Rejection> {
        if field == DELETION {
            return self.resolve_deletion(&choice, context);
        }
        let candidates = self.meta.stamps.candidates.get(field).ok_or(Rejection::ConflictClosed)?;
        let seen = candidates.iter().filter(|candidate| context.seen.covers(&candidate.written));
        let seen: Vec<&Value> = seen.map(|candidate| &candidate.value).collect();
        let current = *seen.first().ok_or(Rejection::ConflictClosed)?;
        let value = match choice {
            Choice::Current => current.clone(),
            Choice::Other => {
                let other = seen.into_iter().find(|value| *value != current);
                other.cloned().ok_or(Rejection::ConflictClosed)?
            }
            Choice::Value(value) => value,
        };
        let edit = Edit { set: Map::from_iter([(field.to_owned(), value)]), ..Edit::default() };
        let decision = merge::edit((&self.meta, &self.fields), &edit, &[], context).map_err(about_the_value)?;
        Ok(decision.map(Lifecycle::Edited))
    }

    /// Deleted and edited at once: it stays deleted, or comes back.
    fn resolve_deletion(&self, choice: &Choice, context: &Context) -> Result<Decision<Lifecycle<F>>, Rejection> {
        let deletion = self.meta.stamps.deletion.filter(|_| self.meta.unseen_by_deletion().is_some());
        if !deletion.is_some_and(|deletion| context.seen.covers(&deletion.written)) {
            return Err(Rejection::ConflictClosed);
        }
        match choice {
            Choice::Current => self.delete(context),
            Choice::Other | Choice::Value(Value::Null) => self.restore(context),
            Choice::Value(_) => {
                Err(Rejection::field("/data/value", "type_wrong", "null restores; choose current to keep it deleted"))
            }
        }
    }

    /// The conflicts that are open: field, the value that is shown, and the others.
    pub fn open_conflicts(&self) -> crate::conflict::Open {
        use crate::conflict::{Open, side};
        if let Some(edit) = self.meta.unseen_by_deletion() {
            let deletion = self.meta.stamps.deletion.unwrap_or_default();
            let current = side(deletion.deleted_at.into(), deletion.written);
            return Open::from([(DELETION.to_owned(), (current, vec![side(Value::Null, edit)]))]);
        }
        if !self.meta.is_live() {
            return Open::new();
        }
        let differ = self.meta.stamps.candidates.iter().filter(|(_, all)| merge::candidates::differ(all));
        let of = |(field, all): (&String, &Vec<merge::candidates::Candidate>)| {
            let mut sides = all.iter().map(|one| side(one.value.clone(), one.written));
            Some((field.clone(), (sides.next()?, sides.collect())))
        };
        differ.filter_map(of).collect()
    }
}

/// What is wrong with the field's value is wrong with the value that was chosen.
fn about_the_value(rejection: Rejection) -> Rejection {
    match rejection {
        Rejection::Invalid(errors) => {
            let moved = errors.into_iter().map(|error| FieldError { pointer: "/data/value".to_owned(), ..error });
            Rejection::Invalid(moved.collect())
        }
        other => other,
    }
}
