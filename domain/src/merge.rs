//! The field merge: what an edit changes, given who wrote each field last and what the device had seen.
//!
//! L: a value that the device had seen is replaced; between others the greater stamp stands. A value equal to the
//! present one is recorded all the same: its stamp decides about edits that are still under way. Fields of policy A
//! merge like L until conflicts are entities; members of sets are added and removed one by one, and the event keeps
//! which, so that a later merge can tell whose they are.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::entity::context::Context;
use crate::entity::fields::{Edit, Fields, Policy, parse, policy, values};
use crate::entity::lifecycle::{Change, Edited};
use crate::entity::meta::{Meta, wins};
use crate::entity::outcome::Outcome;
use crate::entity::recorded::Decision;
use crate::references;
use crate::rejection::Rejection;

/// What an edit comes to.
///
/// # Errors
/// Unknown or fixed fields, values out of range, references that cannot be.
pub fn edit<F: Fields>(
    (meta, fields): (&Meta, &F),
    edit: &Edit,
    required: &[&str],
    context: &Context,
) -> Result<Decision<Edited>, Rejection> {
    if let Some(rejection) = F::refuse(&edit.set, "/set") {
        return Err(rejection);
    }
    let before = values(fields);
    let (wanted, policies) = wanted::<F>(edit, &before)?;
    let mut overlay = before.clone();
    overlay.extend(wanted);
    let mut after = values(&parse::<F>(overlay, "/set").map_err(|rejection| placed(rejection, edit))?);
    let mut touched: Map<String, Value> =
        policies.keys().filter_map(|field| Some((field.clone(), after.get(field)?.clone()))).collect();
    let place = |field: &str| edit.pointer(field);
    let mut cleared = references::settle::<F>(&mut touched, &before, meta.id, required, place, &context.world)?;
    after.extend(touched);

    let mut changes = BTreeMap::new();
    let mut superseded = Vec::new();
    for (field, policy) in policies {
        let is_set = policy == Policy::Set;
        if is_set || wins(Some(&meta.written(&field)), context.stamp(), &context.seen) {
            changes.insert(field.clone(), change(&before, &after, &field, is_set));
        } else {
            superseded.push(field);
        }
    }
    cleared.retain(|field| !superseded.contains(field));
    let outcome = Outcome::of_fields(changes.len(), superseded, cleared);
    let event = (!changes.is_empty()).then_some(Edited { base: context.seen.base, changes });
    Ok(Decision { event, outcome })
}

/// The change of one field between two sets of values.
pub fn change(before: &Map<String, Value>, after: &Map<String, Value>, field: &str, is_set: bool) -> Change {
    let value = |values: &Map<String, Value>| values.get(field).cloned().unwrap_or_default();
    let (before, after) = (value(before), value(after));
    let (added, removed) =
        if is_set { (without(&after, &before), without(&before, &after)) } else { Default::default() };
    Change { before, after, added, removed }
}

fn without(members: &Value, others: &Value) -> Vec<Value> {
    let others = others.as_array().map(Vec::as_slice).unwrap_or_default();
    let members = members.as_array().map(Vec::as_slice).unwrap_or_default();
    members.iter().filter(|member| !others.contains(member)).cloned().collect()
}

/// New values by field, and the policies of the fields that are touched.
type Wanted = (Map<String, Value>, BTreeMap<String, Policy>);

/// The values that the edit wants, and the policies of the fields that it touches.
fn wanted<F: Fields>(edit: &Edit, before: &Map<String, Value>) -> Result<Wanted, Rejection> {
    let mut wanted = Map::new();
    let mut policies = BTreeMap::new();
    for (field, value) in &edit.set {
        policies.insert(field.clone(), writable::<F>(field, "/set")?);
        wanted.insert(field.clone(), value.clone());
    }
    for (members, pointer, adds) in [(&edit.remove, "/remove", false), (&edit.add, "/add", true)] {
        for (field, members) in members {
            if writable::<F>(field, pointer)? != Policy::Set {
                let message = format!("{field} is no set; use set");
                return Err(Rejection::field(format!("{pointer}/{field}"), "type_wrong", message));
            }
            policies.insert(field.clone(), Policy::Set);
            let members = stored::<F>(field, members, pointer)?;
            let current = wanted.entry(field.clone()).or_insert_with(|| before.get(field).cloned().unwrap_or_default());
            if let Value::Array(current) = current {
                current.retain(|member| !members.contains(member));
                current.extend(members.into_iter().filter(|_| adds));
            }
        }
    }
    Ok((wanted, policies))
}

/// Members as a set keeps them; what could be in no such set is refused.
fn stored<F: Fields>(field: &str, members: &[Value], pointer: &str) -> Result<Vec<Value>, Rejection> {
    let holds_ids = F::REFERENCES.iter().any(|(name, _)| *name == field);
    let as_kept = |member: &Value| {
        let text = member.as_str()?;
        if holds_ids { Some(text.parse::<Uuid>().ok()?.to_string()) } else { Some(text.to_owned()) }
    };
    let kept = members.iter().enumerate().map(|(index, member)| {
        let wanted = if holds_ids { "an id" } else { "text" };
        let refused =
            || Rejection::field(format!("{pointer}/{field}/{index}"), "type_wrong", format!("a member is {wanted}"));
        as_kept(member).map(Value::String).ok_or_else(refused)
    });
    kept.collect()
}

/// A set is checked whole, after members came and went: its errors are about what was sent.
fn placed(rejection: Rejection, edit: &Edit) -> Rejection {
    let Rejection::Invalid(mut errors) = rejection else {
        return rejection;
    };
    for error in &mut errors {
        let field = error.pointer.strip_prefix("/set/").and_then(|rest| rest.split('/').next());
        if let Some(field) = field.filter(|field| !edit.set.contains_key(*field)) {
            error.pointer = edit.pointer(field);
        }
    }
    Rejection::Invalid(errors)
}

fn writable<F: Fields>(field: &str, pointer: &str) -> Result<Policy, Rejection> {
    match policy::<F>(field, pointer)? {
        Policy::Fixed => {
            let message = format!("{field} is given at creation and never changes");
            Err(Rejection::field(format!("{pointer}/{field}"), "field_fixed", message))
        }
        policy => Ok(policy),
    }
}
