//! Two stretches, each the newest first, become one page.

use uuid::Uuid;

use super::cursor::{Cursor, EventKey, Place};
use super::port::{AuditEvent, SecurityEntry, Stretch};
use super::search::Item;

/// One page of at most `rows` of both, the newest first, and where the next one begins. Behind the end of a stretch that
/// goes on, nothing older of the other one is taken: what is not looked at yet may be newer.
pub(super) fn merge(
    events: Stretch<AuditEvent, EventKey>,
    security: Stretch<SecurityEntry, Uuid>,
    before: Cursor,
    rows: usize,
) -> (Vec<Item>, Cursor) {
    let event_end = events.next.as_ref().map(|key| key.recorded_at);
    let security_end = security.next.map(ms);
    let mut taken = Cursor::default();
    let mut items = Vec::new();
    let (mut events_left, mut security_left) =
        (events.rows.into_iter().peekable(), security.rows.into_iter().peekable());
    while items.len() < rows {
        // Where nothing of a log is left, what it goes on with is older than the last that was looked at.
        let event_at = events_left.peek().map(|event| event.recorded_at);
        let security_at = security_left.peek().map(|entry| ms(entry.id));
        let event_bound = event_at.or(event_end);
        let security_bound = security_at.or(security_end);
        let is_next = |at: Option<i64>, bound: Option<i64>| at.is_some_and(|at| bound.is_none_or(|bound| at >= bound));
        if is_next(event_at, security_bound) {
            let Some(event) = events_left.next() else { break };
            taken.events = Place::After(key(&event));
            items.push(Item::Event(Box::new(event)));
        } else if is_next(security_at, event_bound) {
            let Some(entry) = security_left.next() else { break };
            taken.security = Place::After(entry.id);
            items.push(Item::Security(Box::new(entry)));
        } else {
            break;
        }
    }
    let events = place(before.events, taken.events, events_left.peek().is_none(), events.next);
    let security = place(before.security, taken.security, security_left.peek().is_none(), security.next);
    (items, Cursor { events, security })
}

/// Behind what was taken; when all of it was, behind what was looked at.
fn place<K>(before: Place<K>, taken: Place<K>, all: bool, next: Option<K>) -> Place<K> {
    match (all, next, taken) {
        (true, Some(next), _) => Place::After(next),
        (true, None, _) => Place::End,
        (false, _, Place::Start) => before,
        (false, _, taken) => taken,
    }
}

/// Where a line stands.
pub(super) fn key(event: &AuditEvent) -> EventKey {
    let field = event.line.field.clone().unwrap_or_default();
    EventKey { recorded_at: event.recorded_at, space: event.space.0, position: event.position, field }
}

/// When an entry was made: its id says so.
fn ms(id: Uuid) -> i64 {
    i64::try_from(id.as_u128() >> 80).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
