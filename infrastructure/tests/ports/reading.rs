//! What readers get: stretches of the log, pages of the feed, snapshots. Both stores say the same, word for word.

use application::feed::{self, Read, Slice};
use application::snapshot::{self, Rest, Stage, View};
use domain::entity::Kind;
use domain::id::EntityId;
use infrastructure::memory::MemoryStore;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::script::{fill, found, space};
use crate::stores::{Postgres, Store, on_both};

on_both!(
    the_log_is_read_in_whole_from_any_position,
    a_space_that_was_never_founded_is_empty_to_snapshots_and_has_no_log,
    a_snapshot_is_what_the_changes_add_up_to,
);

async fn the_log_is_read_in_whole_from_any_position<S: Store>(store: &S) {
    found(store, space(1)).await;
    fill(store, space(1)).await;
    let all = store.after(space(1), 0, i64::MAX).await.unwrap();
    assert_eq!(all.changes.len() as i64, all.head.position);
    assert_eq!(all.hash_before, None);
    for position in 1..=all.head.position {
        let slice = store.after(space(1), position, 3).await.unwrap();
        let at = position as usize;
        assert_eq!(slice.hash_before, Some(all.changes[at - 1].hash));
        let expected: Vec<&str> = all.changes[at..].iter().take(3).map(|change| change.json()).collect();
        assert_eq!(slice.changes.iter().map(|change| change.json()).collect::<Vec<_>>(), expected);
        let next = all.changes.get(at).map(|change| change.transaction_id);
        let span = slice.transaction.map(|span| all.changes[span.first as usize - 1].transaction_id);
        assert_eq!(span, next);
    }
    let beyond = store.after(space(1), all.head.position + 1, 3).await.unwrap();
    assert!(beyond.hash_before.is_none() && beyond.changes.is_empty() && beyond.transaction.is_none());
}

async fn a_space_that_was_never_founded_is_empty_to_snapshots_and_has_no_log<S: Store>(store: &S) {
    assert!(store.after(space(9), 0, 10).await.is_err());
    let page = snapshot::page(store, space(9), None, 10).await.unwrap();
    let Rest::Complete(complete) = page.rest else { panic!("there is more") };
    assert!(page.items.is_empty());
    assert_eq!((complete.checksum, complete.cursor.position), (0, 0));
    assert!(complete.counts.values().all(|count| *count == 0));
}

/// What a reader holds after every page of this many rows.
async fn snapshot_of<S: Store>(store: &S, rows: usize) -> Vec<(Kind, EntityId, Map<String, Value>)> {
    let (mut items, mut token) = (Vec::new(), None);
    loop {
        let page = snapshot::page(store, space(1), token.as_deref(), rows).await.unwrap();
        items.extend(page.items.into_iter().map(|item| (item.entity, item.id, filled(item.fields.to_map()))));
        match page.rest {
            Rest::Next(next) => token = Some(next),
            Rest::Complete(_) => return items,
        }
    }
}

/// Fields that are null and fields that are absent are the same to readers.
fn filled(fields: Map<String, Value>) -> Map<String, Value> {
    fields.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

async fn a_snapshot_is_what_the_changes_add_up_to<S: Store>(store: &S) {
    found(store, space(1)).await;
    fill(store, space(1)).await;
    let mut folded = std::collections::BTreeMap::new();
    for change in store.after(space(1), 0, i64::MAX).await.unwrap().changes {
        let known: &mut Map<String, Value> = folded.entry((change.entity, change.id)).or_default();
        known.extend(change.fields.clone());
    }
    for rows in [1, 3, 1_000] {
        let held: std::collections::BTreeMap<_, _> =
            snapshot_of(store, rows).await.into_iter().map(|(kind, id, fields)| ((kind, id), fields)).collect();
        let live = folded.iter().filter(|(_, fields)| fields.get("deleted_at").is_none_or(Value::is_null));
        let expected: std::collections::BTreeMap<_, _> =
            live.map(|(key, fields)| (*key, filled(fields.clone()))).collect();
        assert_eq!(held, expected, "pages of {rows}");
    }
}

fn told(slice: &Slice) -> Value {
    let changes: Vec<&str> = slice.changes.iter().map(|change| change.json()).collect();
    let hashes: Vec<_> = slice.changes.iter().map(|change| change.hash).collect();
    let head =
        (slice.head.position, slice.head.hash, slice.head.checksum, slice.head.legacy_next, slice.head.recorded_at);
    json!([changes, hashes, head, slice.hash_before, slice.transaction])
}

/// Everything that the ports of reading say of a filled space.
async fn everything<S: Store>(store: &S) -> Vec<Value> {
    found(store, space(1)).await;
    fill(store, space(1)).await;
    let mut said = Vec::new();
    let head = store.after(space(1), 0, 1).await.unwrap().head.position;
    for position in 0..=head + 1 {
        said.push(told(&store.after(space(1), position, 5).await.unwrap()));
        for rows in [1, 4, 50] {
            let tail = store.tail(space(1), position.min(head), rows).await.unwrap();
            let rows: Vec<_> = tail.rows.into_iter().map(|(kind, row)| (kind, row["id"].clone())).collect();
            said.push(json!([tail.reached, rows, tail.counts.map(|counts| counts.into_iter().collect::<Vec<_>>())]));
        }
    }
    for (stage, rows) in Stage::ALL.iter().flat_map(|stage| [(stage, 2), (stage, 100)]) {
        let found = store.stage(space(1), *stage, View::Whole, EntityId(Uuid::nil()), rows).await.unwrap();
        let rows: Vec<_> = found.items.into_iter().map(|item| item.id).collect();
        said.push(json!([found.standing.position, found.standing.repairs, rows]));
    }
    for rows in [1, 7] {
        said.push(json!(snapshot_of(store, rows).await));
        let Ok(Read::Page(page)) = feed::read(store, space(1), None, rows, feed::Leap::Never).await else {
            panic!("no page")
        };
        said.push(json!([page.cursor.position, page.pending, page.checksum, page.part]));
    }
    said
}

#[tokio::test]
async fn both_stores_say_the_same_of_one_history() {
    let Some(postgres) = Postgres::fresh().await else { return };
    let (one, other) = (everything(&MemoryStore::new(Uuid::from_u128(77))).await, everything(&postgres).await);
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
    postgres.end().await;
}
