//! The field merge: what an edit changes, given who wrote each field last and what the device had seen.
//!
//! A stamp is greater than every stamp that its writer had seen, so the greatest stamp stands, in whichever order writes
//! arrive. L: the greatest stamp stands. A: writes that did not see each other are kept beside it (`candidates`). S:
//! members keep their adds (`members`). References: what was wanted is merged; what is shown depends on whether the
//! target lives. A value equal to the present one is recorded all the same: its stamp decides about edits that are
//! still under way.

pub mod candidates;
mod fold;
pub mod members;
mod wanted;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use self::candidates::Candidate;
use self::members::{Moves, array};
use self::wanted::Wanted;
use crate::entity::context::Context;
use crate::entity::fields::{Edit, Fields, Policy, values};
use crate::entity::lifecycle::{Change, Edited};
use crate::entity::meta::{Meta, wins};
use crate::entity::outcome::Outcome;
use crate::entity::recorded::Decision;
use crate::references;
use crate::rejection::Rejection;

pub(crate) use self::fold::fold;

/// What an edit comes to. `required` are references that cannot be cleared.
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
    let wanted = wanted::read::<F>(edit, (meta, &before), &context.seen)?;
    let mut shown = shown_if_alive(meta, &before, &wanted, context);
    let place = |field: &str| edit.pointer(field);
    let dead = references::settle::<F>(&mut shown, &before, meta.id, required, place, context)?;

    let mut sum = Sum::default();
    for (field, wants) in wanted {
        let after = shown.get(&field).cloned().unwrap_or_default();
        let before = before.get(&field).cloned().unwrap_or_default();
        let cleared = dead.contains_key(&field);
        match wants {
            Wanted::Moves(moves) => {
                sum.moves(meta, &field, Change { before, after, ..Change::default() }, moves, context)
            }
            Wanted::Value(Policy::Ask, value) => sum.ask(meta, field.clone(), before, value, context),
            Wanted::Value(_, value) => {
                let written = (value != after).then_some(value);
                sum.last(meta, field.clone(), Change { before, after, written, ..Change::default() }, context);
            }
        }
        if cleared && sum.changes.contains_key(&field) {
            sum.cleared.push(field);
        }
    }
    let outcome = Outcome::of_fields(sum.kept, sum.superseded, sum.cleared);
    let event = (!sum.changes.is_empty()).then_some(Edited { base: context.seen.base, changes: sum.changes });
    Ok(Decision { event, outcome })
}

/// The fields that the edit touches as they would be shown, if everything that they refer to were alive.
fn shown_if_alive(
    meta: &Meta,
    before: &Map<String, Value>,
    wanted: &BTreeMap<String, Wanted>,
    context: &Context,
) -> Map<String, Value> {
    let of = |(field, wants): (&String, &Wanted)| {
        let value = match wants {
            Wanted::Value(_, value) => value.clone(),
            Wanted::Moves(moves) => {
                let members = meta.members(field, before);
                let hidden = meta.stamps.hidden.get(field);
                let after = members::after(&members, moves, context.mark.written(), &context.seen);
                let is_hidden = |member: &String| {
                    !moves.added.contains(member)
                        && hidden.is_some_and(|ids| ids.iter().any(|id| id.to_string() == *member))
                };
                array(after.into_keys().filter(|member| !is_hidden(member)))
            }
        };
        (field.clone(), value)
    };
    wanted.iter().map(of).collect()
}

/// What the fields of an edit come to, one after another.
#[derive(Default)]
struct Sum {
    changes: BTreeMap<String, Change>,
    /// Fields of which something is kept.
    kept: usize,
    superseded: Vec<String>,
    cleared: Vec<String>,
}

impl Sum {
    fn last(&mut self, meta: &Meta, field: String, change: Change, context: &Context) {
        if wins(Some(&meta.written(&field)), context.stamp(), &context.seen) {
            self.kept += 1;
            self.changes.insert(field, change);
        } else {
            self.superseded.push(field);
        }
    }

    fn ask(&mut self, meta: &Meta, field: String, before: Value, value: Value, context: &Context) {
        let standing = meta.standing(&field, &before);
        let blind = context.seen.base.is_none();
        let write = Candidate { value: value.clone(), written: context.mark.written(), blind };
        let next = standing.after(write, &context.seen);
        let (kept, shown) = (next.keeps(context.stamp()), next.shows(context.stamp()));
        self.kept += usize::from(kept);
        if !shown {
            self.superseded.push(field.clone());
        }
        if next == standing {
            return;
        }
        let after = next.candidates.first().map(|shown| shown.value.clone()).unwrap_or_default();
        let alone = kept && next.candidates.len() == 1;
        let candidates = if alone { Vec::new() } else { next.candidates };
        let written = (!shown).then_some(value);
        self.changes.insert(field, Change { before, after, written, candidates, ..Change::default() });
    }

    fn moves(&mut self, meta: &Meta, field: &str, change: Change, moves: Moves, context: &Context) {
        let is_seen = |member: &String| {
            let members = meta.stamps.members.get(field).and_then(|members| members.get(member));
            let made = [meta.stamps.created];
            members.map_or(&made[..], Vec::as_slice).iter().any(|add| context.seen.covers(add))
        };
        let held = meta.members(field, &Map::from_iter([(field.to_owned(), change.before.clone())]));
        let taken = moves.removed.into_iter().filter(|member| held.contains_key(member) && is_seen(member));
        let (added, removed) = (array(moves.added), array(taken));
        if added == array([]) && removed == array([]) {
            return;
        }
        self.kept += 1;
        let list = |members: Value| members.as_array().cloned().unwrap_or_default();
        let change = Change { added: list(added), removed: list(removed), ..change };
        self.changes.insert(field.to_owned(), change);
    }
}
