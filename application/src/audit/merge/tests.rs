use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use proptest::prelude::*;
use serde_json::Value;

use super::super::line::Line;
use super::*;

fn event(recorded_at: i64, position: i64) -> AuditEvent {
    AuditEvent {
        space: SpaceId::default(),
        position,
        recorded_at,
        at: recorded_at,
        transaction: TransactionId::default(),
        entity: "task".to_owned(),
        id: EntityId::default(),
        version: 1,
        event: "task.edited".to_owned(),
        actor: None,
        role: "owner".to_owned(),
        device: DeviceId::default(),
        session: None,
        network: None,
        cause: None,
        line: Line::default(),
    }
}

fn entry(at: i64, number: u128) -> SecurityEntry {
    SecurityEntry {
        id: Uuid::from_u128((u128::from(at.unsigned_abs()) << 80) | number),
        account: None,
        at,
        act: "signed_in".to_owned(),
        actor: None,
        role: None,
        session: None,
        device: None,
        network: None,
        about: Value::Null,
    }
}

/// What a store answers: at most `rows` of the next `looked`, of which only the even ones are found.
fn stretch<T: Clone, K: PartialOrd>(
    all: &[T],
    after: &Place<K>,
    key: impl Fn(&T) -> K,
    found: impl Fn(&T) -> bool,
    (rows, looked): (usize, usize),
) -> Stretch<T, K> {
    let left: Vec<&T> = match after {
        Place::Start => all.iter().collect(),
        Place::After(last) => all.iter().filter(|one| key(one) < *last).collect(),
        Place::End => return Stretch::default(),
    };
    let mut hits: Vec<T> = left.iter().take(looked).filter(|one| found(one)).map(|one| (*one).clone()).collect();
    let next = if hits.len() > rows {
        hits.truncate(rows);
        hits.last().map(&key)
    } else if left.len() >= looked {
        left.get(looked - 1).map(|one| key(one))
    } else {
        None
    };
    Stretch { rows: hits, next }
}

fn at(item: &Item) -> i64 {
    match item {
        Item::Event(event) => event.recorded_at,
        Item::Security(entry) => ms(entry.id),
    }
}

proptest! {
    /// Whatever the sizes of pages and steps, every row comes once, in order, and the walk ends.
    #[test]
    fn pages_of_two_logs_give_every_row_once_in_order(
        events in proptest::collection::vec(1_i64..60, 0..40),
        entries in proptest::collection::vec(1_i64..60, 0..40),
        rows in 1_usize..7,
        looked in 1_usize..9,
    ) {
        let mut times = events;
        times.sort_unstable_by(|a, b| b.cmp(a));
        let count = times.len() as i64;
        let events: Vec<AuditEvent> =
            times.into_iter().zip(0..).map(|(time, number)| event(time, count - number)).collect();
        let mut entries: Vec<SecurityEntry> = entries.into_iter().zip(0..).map(|(time, n)| entry(time, n)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.id));
        let (is_event, is_entry) = (|one: &AuditEvent| one.position % 2 == 0, |one: &SecurityEntry| one.at % 2 == 0);
        let (mut cursor, mut found, mut pages) = (Cursor::default(), Vec::new(), 0);
        while !cursor.is_at_end() {
            let of_events = stretch(&events, &cursor.events, key, is_event, (rows, looked));
            let of_security = stretch(&entries, &cursor.security, |one| one.id, is_entry, (rows, looked));
            let (items, next) = merge(of_events, of_security, cursor, rows);
            prop_assert!(items.len() <= rows);
            found.extend(items);
            cursor = next;
            pages += 1;
            prop_assert!(pages < 500, "it does not end");
        }
        prop_assert!(found.windows(2).all(|pair| at(&pair[0]) >= at(&pair[1])));
        let expected = events.iter().filter(|one| is_event(one)).count() + entries.iter().filter(|one| is_entry(one)).count();
        prop_assert_eq!(found.len(), expected);
        for (index, item) in found.iter().enumerate() {
            prop_assert!(!found[..index].contains(item));
        }
    }
}
