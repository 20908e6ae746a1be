//! The history of an entity: who wrote each field when, from which device, and what it replaced. Read from what readers
//! of the feed were told and what the events say; it does not matter whether the entity still exists.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{DeviceId, SpaceId, TransactionId};
use serde_json::{Map, Value};

use super::{HistoryQuery, Past, PastEvent};
use crate::fault::Fault;

/// What every event moves and nobody asks about.
pub(crate) const BOOKKEEPING: [&str; 1] = ["updated_at"];

/// One event of an entity, as its history tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Position in the space's log.
    pub position: i64,
    /// The entity's version after it.
    pub version: i64,
    /// Type of event.
    pub event: String,
    /// The transaction.
    pub transaction: TransactionId,
    /// The device that wrote.
    pub device: DeviceId,
    /// When the user acted by the device's clock, as far as that was believed, Unix ms.
    pub at: i64,
    /// When the server recorded it, Unix ms.
    pub recorded_at: i64,
    /// The position of the event that it followed from.
    pub cause: Option<i64>,
    /// What it wrote.
    pub changes: Vec<Line>,
}

/// What an event wrote of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which field.
    pub field: String,
    /// The value that it replaced.
    pub before: Value,
    /// The value that it left.
    pub after: Value,
    /// Whether the present value is from here.
    pub current: bool,
    /// What else the event says of the field: members added and removed, a value that was sent and did not come to stand,
    /// the values that compete.
    pub more: Map<String, Value>,
}

/// A page of an entity's history, the newest first, and the version before which the next one begins.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The events.
    pub entries: Vec<Entry>,
    /// Where the next page goes on.
    pub next: Option<i64>,
}

/// Reads a page of the history of an entity; none if the space never had it.
///
/// # Errors
/// The log could not be read.
pub async fn history<P: Past>(past: &P, space: SpaceId, query: HistoryQuery) -> Result<Option<History>, Fault> {
    let asked = HistoryQuery { rows: query.rows + 1, ..query.clone() };
    let found = past.history(space, &asked).await?;
    let mut events = found.into_iter().map(|event| event.upcast(space)).collect::<Result<Vec<_>, Fault>>()?;
    let more = events.len() as i64 > query.rows;
    events.truncate(usize::try_from(query.rows).unwrap_or(usize::MAX));
    let Some(oldest) = events.last().map(|event| event.version) else {
        let anything = HistoryQuery { field: None, before: i64::MAX, rows: 1, ..query };
        let exists = !past.history(space, &anything).await?.is_empty();
        return Ok(exists.then(|| History { entries: Vec::new(), next: None }));
    };
    let fields: BTreeSet<String> = events.iter().flat_map(written).filter(|field| asked_for(&query, field)).collect();
    let fields: Vec<String> = fields.into_iter().collect();
    let below = HistoryQuery { before: oldest, ..query.clone() };
    let standing = past.standing(space, &below, &fields).await?;
    let newest = standing.iter().filter_map(|one| Some((one.field.clone(), one.newest?))).collect();
    let before = standing.into_iter().filter_map(|one| Some((one.field, one.before?))).collect();
    let entries = entries(&query, events, before, &newest);
    Ok(Some(History { entries, next: more.then_some(oldest) }))
}

fn asked_for(query: &HistoryQuery, field: &str) -> bool {
    !BOOKKEEPING.contains(&field) && query.field.as_ref().is_none_or(|wanted| wanted == field)
}

/// The fields that an event wrote: those that readers were told of, and those that an edit left as they were.
fn written(event: &PastEvent) -> impl Iterator<Item = String> {
    let told = event.fields.keys().cloned();
    told.chain(edited(event).into_iter().flat_map(|changes| changes.keys().cloned()))
}

fn edited(event: &PastEvent) -> Option<&Map<String, Value>> {
    event.payload.pointer("/change/edited/changes")?.as_object()
}

/// The entries of a page, given the values before it and the version that wrote each field last.
fn entries(
    query: &HistoryQuery,
    events: Vec<PastEvent>,
    mut values: BTreeMap<String, Value>,
    newest: &BTreeMap<String, i64>,
) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(events.len());
    for event in events.into_iter().rev() {
        let fields: BTreeSet<String> = written(&event).filter(|field| asked_for(query, field)).collect();
        let lines = fields.into_iter().filter_map(|field| line(&event, field, &mut values, newest));
        let changes: Vec<Line> = lines.collect();
        entries.push(Entry {
            position: event.position,
            version: event.version,
            transaction: event.transaction,
            device: event.device,
            at: moment(&event),
            recorded_at: event.recorded_at,
            cause: event.cause,
            event: event.event_type,
            changes,
        });
    }
    entries.reverse();
    entries
}

fn line(
    event: &PastEvent,
    field: String,
    values: &mut BTreeMap<String, Value>,
    newest: &BTreeMap<String, i64>,
) -> Option<Line> {
    let edit = edited(event).and_then(|changes| changes.get(&field)).and_then(Value::as_object);
    let before = values.get(&field).cloned().unwrap_or_default();
    let after = event.fields.get(&field).cloned().unwrap_or_else(|| before.clone());
    // What comes back or is created is told whole: most of a tombstone is as it was.
    let says_something = edit.is_some() || before != after || !values.contains_key(&field);
    values.insert(field.clone(), after.clone());
    let more = edit.into_iter().flatten().filter(|(name, _)| !["before", "after"].contains(&name.as_str()));
    let more = more.map(|(name, value)| (name.clone(), value.clone())).collect();
    let current = newest.get(&field) == Some(&event.version);
    says_something.then_some(Line { field, before, after, current, more })
}

/// When the user acted; a space's founding has no such moment of its own.
pub fn moment(event: &PastEvent) -> i64 {
    let stamp = event.payload.pointer("/mark/stamp/0").and_then(Value::as_i64).unwrap_or_default();
    if stamp == 0 { event.recorded_at } else { stamp }
}
