//! The hub holds little, and leads nobody over a gap.

use std::sync::Arc;

use application::change::Change;
use application::ledger::Head;
use application::submit::Committed;
use domain::id::SpaceId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Hub, RING_CHANGES_MAX};

const SPACE: SpaceId = SpaceId(Uuid::from_u128(7));

fn head(position: i64) -> Head {
    let (epoch, hash) = (Uuid::from_u128(1), [0; 32]);
    Head { epoch, position, hash, legacy_next: 1, live_entities: 0, checksum: 0, recorded_at: 0, repairs: 0 }
}

fn change(position: i64) -> Arc<Change> {
    let value: Value = json!({
        "position": position, "transaction_id": Uuid::nil(), "device_id": Uuid::nil(), "at": 1, "op": "update",
        "entity": "task", "id": Uuid::from_u128(5), "version": position, "fields": {},
    });
    Arc::new(serde_json::from_value(value).unwrap())
}

/// A commit of the positions behind `before` up to `last`.
fn commit(before: i64, last: i64) -> Committed {
    let changes = (before + 1..=last).map(change).collect();
    Committed {
        space: SPACE,
        before: head(before),
        head: head(last),
        changes,
        receipts: Vec::new(),
        repeated: Vec::new(),
    }
}

#[test]
fn a_reader_that_never_reads_makes_nothing_grow() {
    let hub = Hub::default();
    let idle = hub.subscribe(SPACE);
    for before in 0..5_000 {
        hub.publish(&commit(before, before + 1));
    }
    let held = idle.after(5_000 - RING_CHANGES_MAX as i64, usize::MAX - 1).unwrap().changes;
    assert_eq!(held.len(), RING_CHANGES_MAX);
    assert!(idle.after(5_000 - RING_CHANGES_MAX as i64 - 1, 1).is_none(), "further back is the log's");
    drop(idle);
    assert!(hub.watched().is_empty(), "what nobody reads is let go");
}

#[test]
fn what_another_node_wrote_in_between_is_read_from_the_log() {
    let hub = Hub::default();
    let reader = hub.subscribe(SPACE);
    hub.publish(&commit(0, 3));
    hub.publish(&commit(5, 6));
    assert!(reader.after(3, 10).is_none(), "positions 4 and 5 are not here");
    let held: Vec<i64> = reader.after(5, 10).unwrap().changes.iter().map(|change| change.position).collect();
    assert_eq!(held, [6]);
    hub.raise(SPACE, 8);
    assert!(reader.after(5, 10).is_none(), "the log goes on to 8");
}

#[test]
fn what_is_forgotten_of_a_space_is_read_from_the_log_until_the_next_commit() {
    let hub = Hub::default();
    let reader = hub.subscribe(SPACE);
    hub.publish(&commit(0, 2));
    assert!(reader.after(2, 10).is_some());
    hub.forget(SPACE);
    assert!(reader.after(2, 10).is_none(), "nothing is served from memory");
    hub.publish(&commit(2, 3));
    assert!(reader.after(3, 10).is_some() && reader.after(2, 10).is_some() && reader.after(1, 10).is_none());
}
