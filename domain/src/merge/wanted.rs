//! What an edit wants of each field, read and checked before it meets what others wrote.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use uuid::Uuid;

use super::members::{Members, Moves, array, seen_by, texts};
use crate::entity::fields::{Edit, Fields, Policy, parse, policy, values};
use crate::entity::meta::Meta;
use crate::rejection::Rejection;
use crate::stamp::Seen;

/// What an edit wants of one field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wanted {
    /// This value.
    Value(Policy, Value),
    /// These members in or out.
    Moves(Moves),
}

/// Reads an edit of an entity that holds `before`.
///
/// Ranges of sets are checked against what the writer had seen: several devices together may go beyond them, and
/// none of them is refused for what another did.
pub(super) fn read<F: Fields>(
    edit: &Edit,
    (meta, before): (&Meta, &Map<String, Value>),
    seen: &Seen,
) -> Result<BTreeMap<String, Wanted>, Rejection> {
    let sets = Sets::read::<F>(edit)?;
    let mut overlay = before.clone();
    overlay.extend(edit.set.clone());
    for field in sets_of::<F>() {
        if let Some(checked) = sets.checked(field, edit, &meta.members(field, before), seen) {
            overlay.insert(field.to_owned(), checked);
        }
    }
    let parsed = values(&parse::<F>(overlay, "/set").map_err(|rejection| placed(rejection, edit))?);
    let value = |field: &str| parsed.get(field).cloned().unwrap_or_default();
    let mut wanted = BTreeMap::new();
    for (field, policy) in F::POLICIES.iter().filter(|(field, _)| edit.touches(field)) {
        let wants = match policy {
            Policy::Set if edit.set.contains_key(*field) => {
                Wanted::Moves(whole(texts(&value(field)).collect(), meta.members(field, before)))
            }
            Policy::Set => Wanted::Moves(sets.moves(field)),
            policy => Wanted::Value(*policy, value(field)),
        };
        wanted.insert((*field).to_owned(), wants);
    }
    Ok(wanted)
}

fn sets_of<F: Fields>() -> impl Iterator<Item = &'static str> {
    F::POLICIES.iter().filter(|(_, policy)| *policy == Policy::Set).map(|(field, _)| *field)
}

/// A set that is to become these members: every one is added, so that a concurrent removal, which has not seen that add,
/// leaves it; the others go.
fn whole(added: Vec<String>, members: Members) -> Moves {
    let removed = members.into_keys().filter(|member| !added.contains(member)).collect();
    Moves { added, removed }
}

/// The members that an edit adds and removes, by field.
#[derive(Default)]
struct Sets {
    added: BTreeMap<String, Vec<String>>,
    removed: BTreeMap<String, Vec<String>>,
}

impl Sets {
    fn read<F: Fields>(edit: &Edit) -> Result<Self, Rejection> {
        for field in edit.set.keys() {
            writable::<F>(field, "/set")?;
        }
        Ok(Self { removed: members::<F>(&edit.remove, "/remove")?, added: members::<F>(&edit.add, "/add")? })
    }

    /// What of a set is checked against its ranges: what the writer had seen, as its edit makes it. Nothing of a set
    /// that the edit does not touch; what is no list of texts is left to the parser.
    fn checked(&self, field: &str, edit: &Edit, members: &Members, seen: &Seen) -> Option<Value> {
        let moves = self.moves(field);
        let mut held: Vec<String> = match edit.set.get(field) {
            Some(Value::Array(sent)) if sent.iter().all(Value::is_string) => sent.iter().filter_map(text).collect(),
            Some(_) => return None,
            None if !edit.touches(field) => return Some(array([])),
            None => seen_by(members, seen).cloned().collect(),
        };
        held.retain(|member| !moves.removed.contains(member) && !moves.added.contains(member));
        held.extend(moves.added);
        Some(array(held))
    }

    fn moves(&self, field: &str) -> Moves {
        let of = |moves: &BTreeMap<String, Vec<String>>| -> BTreeSet<String> {
            moves.get(field).into_iter().flatten().cloned().collect()
        };
        let (added, removed) = (of(&self.added), of(&self.removed));
        Moves { removed: removed.difference(&added).cloned().collect(), added: added.into_iter().collect() }
    }
}

fn text(member: &Value) -> Option<String> {
    Some(member.as_str()?.to_owned())
}

/// Members by field as a set keeps them; what could be in no such set is refused.
fn members<F: Fields>(
    sent: &BTreeMap<String, Vec<Value>>,
    pointer: &str,
) -> Result<BTreeMap<String, Vec<String>>, Rejection> {
    let mut found = BTreeMap::new();
    for (field, members) in sent {
        if writable::<F>(field, pointer)? != Policy::Set {
            let message = format!("{field} is no set; use set");
            return Err(Rejection::field(format!("{pointer}/{field}"), "type_wrong", message));
        }
        found.insert(field.clone(), stored::<F>(field, members, pointer)?);
    }
    Ok(found)
}

fn stored<F: Fields>(field: &str, members: &[Value], pointer: &str) -> Result<Vec<String>, Rejection> {
    let holds_ids = F::REFERENCES.iter().any(|(name, _)| *name == field);
    let as_kept = |member: &Value| {
        let text = member.as_str()?;
        if holds_ids { Some(text.parse::<Uuid>().ok()?.to_string()) } else { Some(text.to_owned()) }
    };
    let kept = members.iter().enumerate().map(|(index, member)| {
        let wanted = if holds_ids { "an id" } else { "text" };
        let refused =
            || Rejection::field(format!("{pointer}/{field}/{index}"), "type_wrong", format!("a member is {wanted}"));
        as_kept(member).ok_or_else(refused)
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
