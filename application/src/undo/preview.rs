//! What a restore would change, entity by entity.

use std::collections::BTreeMap;

use domain::entity::EntityRef;
use domain::id::SpaceId;
use domain::undo::Life;
use serde_json::{Map, Value};

use super::is_own;
use crate::fault::Fault;
use crate::past::{Changed, Past, changed, lives};
use crate::submit::shown;

/// What no restore brings back: they count what happened, and more has happened.
const COUNTED: [&str; 3] = ["version", "updated_at", "deleted_at"];
/// Entities that are looked at before a page is given up as it is.
const LOOKED_AT_MAX: usize = 500;

/// What a restore does to an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was deleted since, and comes back.
    Restore,
    /// It was created since, or brought back, and goes.
    Delete,
    /// Fields change.
    Change,
}

/// What a restore would change of one entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Which.
    pub entity: EntityRef,
    /// What is done.
    pub step: Step,
    /// The fields that change: from, to.
    pub fields: BTreeMap<String, (Value, Value)>,
}

/// A page of what a restore would change.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// By kind and id.
    pub differences: Vec<Difference>,
    /// The entities that have changed since, among which the differences are.
    pub changed: usize,
    /// After which entity the next page begins.
    pub next: Option<EntityRef>,
    /// The position of the log that this is a preview of.
    pub head: i64,
}

/// A page of at most `rows` differences between the space at `position` and now.
///
/// # Errors
/// The log could not be read.
pub async fn preview<P: Past>(
    past: &P,
    space: SpaceId,
    position: i64,
    after: Option<EntityRef>,
    rows: usize,
) -> Result<Preview, Fault> {
    let head = past.head(space).await?.position;
    let Changed::All(all) = changed(past, space, (position, head), is_own, usize::MAX).await? else {
        return Err(Fault::Refused("there is no such thing as too many changes here".to_owned()));
    };
    let (total, mut differences, mut looked_at) = (all.len(), Vec::new(), 0);
    let mut rest = all.into_iter().filter(|entity| after.is_none_or(|after| *entity > after)).peekable();
    let mut last = None;
    while differences.len() < rows && looked_at < LOOKED_AT_MAX && rest.peek().is_some() {
        let some: Vec<EntityRef> = rest.by_ref().take(rows - differences.len()).collect();
        looked_at += some.len();
        last = some.last().copied();
        let lives = lives(past, space, &some, (position, head)).await?;
        differences.extend(lives.iter().filter_map(|(entity, (then, now))| difference(*entity, then, now)));
    }
    let next = last.filter(|_| rest.peek().is_some());
    Ok(Preview { differences, changed: total, next, head })
}

fn difference(entity: EntityRef, then: &Life, now: &Life) -> Option<Difference> {
    let (was, is) = (then.entity.meta().is_live(), now.entity.meta().is_live());
    let step = match (was, is) {
        (true, false) => Step::Restore,
        (false, true) => Step::Delete,
        (true, true) => Step::Change,
        (false, false) => return None,
    };
    let (before, after) = (as_shown(then), as_shown(now));
    let differs = |(field, to): (String, Value)| {
        let from = after.get(&field).cloned().unwrap_or_default();
        (from != to && !COUNTED.contains(&field.as_str())).then_some((field, (from, to)))
    };
    let fields: BTreeMap<_, _> = if was { before.into_iter().filter_map(differs).collect() } else { BTreeMap::new() };
    (step != Step::Change || !fields.is_empty()).then_some(Difference { entity, step, fields })
}

fn as_shown(life: &Life) -> Map<String, Value> {
    shown(life.entity.kind(), life.entity.row())
}
