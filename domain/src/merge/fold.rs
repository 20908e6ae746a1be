//! What an edit leaves in the merge state of its entity.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::members::{Moves, array, texts};
use crate::entity::fields::{Fields, Policy};
use crate::entity::lifecycle::{Change, Edited};
use crate::entity::meta::Meta;
use crate::entity::recorded::Mark;
use crate::id::EntityId;
use crate::stamp::{Seen, Written};

/// Takes an edit into the merge state; `values` are the fields as they are shown and become what they are now.
pub(crate) fn fold<F: Fields>(meta: &mut Meta, values: &mut Map<String, Value>, mark: &Mark, edited: Edited) {
    let seen = Seen { base: edited.base, device: mark.stamp.device };
    for (field, change) in edited.changes {
        let policy = F::POLICIES.iter().find(|(name, _)| *name == field).map(|(_, policy)| *policy);
        match policy {
            Some(Policy::Set) => members(meta, values, &field, &change, mark, &seen),
            Some(Policy::Ask) => candidates(meta, &field, &change, mark, &seen),
            _ => {
                wrote(meta, &field, mark.written(), seen.base.is_none());
                if F::REFERENCES.iter().any(|(name, _)| *name == field) {
                    let wanted = change.written.as_ref().filter(|_| change.after.is_null());
                    hide(meta, &field, wanted.into_iter().filter_map(|wanted| id(wanted.as_str()?)).collect());
                }
            }
        }
        values.insert(field, change.after);
    }
}

/// The shown write of a field.
fn wrote(meta: &mut Meta, field: &str, written: Written, blind: bool) {
    meta.stamps.fields.insert(field.to_owned(), written);
    if blind {
        meta.stamps.blind.insert(field.to_owned());
    } else {
        meta.stamps.blind.remove(field);
    }
}

fn hide(meta: &mut Meta, field: &str, ids: BTreeSet<EntityId>) {
    if ids.is_empty() {
        meta.stamps.hidden.remove(field);
    } else {
        meta.stamps.hidden.insert(field.to_owned(), ids);
    }
}

fn candidates(meta: &mut Meta, field: &str, change: &Change, mark: &Mark, seen: &Seen) {
    if seen.base.is_none() {
        let floor = meta.stamps.floors.get(field).copied().max(Some(mark.stamp)).unwrap_or(mark.stamp);
        meta.stamps.floors.insert(field.to_owned(), floor);
    }
    match change.candidates.first() {
        None => wrote(meta, field, mark.written(), seen.base.is_none()),
        Some(shown) => wrote(meta, field, shown.written, shown.blind),
    }
    if change.candidates.len() > 1 {
        meta.stamps.candidates.insert(field.to_owned(), change.candidates.clone());
    } else {
        meta.stamps.candidates.remove(field);
    }
}

fn members(meta: &mut Meta, values: &Map<String, Value>, field: &str, change: &Change, mark: &Mark, seen: &Seen) {
    let moves = Moves {
        added: texts(&Value::Array(change.added.clone())).collect(),
        removed: texts(&Value::Array(change.removed.clone())).collect(),
    };
    let members = super::members::after(&meta.members(field, values), &moves, mark.written(), seen);
    let shown = array(texts(&change.after));
    let hidden = members.keys().filter(|member| !texts(&shown).any(|one| one == **member));
    let hidden = hidden.filter_map(|member| id(member)).collect();
    hide(meta, field, hidden);
    meta.stamps.members.insert(field.to_owned(), members);
    let last = meta.written(field);
    if !moves.added.is_empty() && mark.stamp > last.stamp {
        wrote(meta, field, mark.written(), seen.base.is_none());
    }
}

fn id(text: &str) -> Option<EntityId> {
    text.parse::<Uuid>().ok().map(EntityId)
}
