//! What an append writes, and when a space is lost.

use std::collections::BTreeMap;
use std::sync::Arc;

use application::ledger::{Appended, DeviceClock, Head, Prepared, Want};
use domain::entity::{EntityRef, Kind};
use domain::id::EntityId;
use serde_json::{Value, json};

use crate::script::{device, found, id, prepared, sent, space, transaction, write};
use crate::stores::{Store, on_both};

on_both!(
    a_space_gets_its_head_when_it_is_first_asked_for,
    what_was_appended_is_loaded_afresh,
    of_two_writers_on_one_head_the_second_is_lost,
    a_repeated_transaction_makes_its_space_lost,
    an_id_that_exists_makes_its_space_lost,
    a_lost_space_does_not_hinder_others,
    a_space_whose_rows_were_repaired_is_lost,
    a_sequence_that_is_taken_is_refused_with_the_whole_batch,
    referrers_are_found_deleted_ones_too,
    a_space_that_is_asked_for_twice_is_refused,
);

fn task(title: &str) -> Value {
    json!({ "data": { "title": title } })
}

fn want(number: u128) -> Want {
    Want { space: space(number), fresh: true, ..Want::default() }
}

async fn head<S: Store>(store: &S, number: u128) -> Head {
    store.load(vec![want(number)]).await.unwrap().remove(0).head
}

/// A transaction that writes nothing but its receipt.
fn receipt_alone(head: &Head, of: &Prepared) -> Prepared {
    Prepared {
        expected: head.clone(),
        head: head.clone(),
        events: Vec::new(),
        rows: BTreeMap::new(),
        devices: BTreeMap::new(),
        ..of.clone()
    }
}

async fn a_space_gets_its_head_when_it_is_first_asked_for<S: Store>(store: &S) {
    let head = head(store, 1).await;
    assert_eq!((head.position, head.legacy_next, head.live_entities, head.checksum), (0, 1, 0, 0));
    assert_eq!((head.hash, head.recorded_at, head.repairs), ([0; 32], 0, 0));
}

async fn what_was_appended_is_loaded_afresh<S: Store>(store: &S) {
    found(store, space(1)).await;
    let commands = [("task.create", 1, task("Run")), ("task.complete", 1, json!({}))];
    let written = prepared(store, space(1), sent(space(1), 1, &commands)).await;
    assert_eq!(store.append(std::slice::from_ref(&written)).await, Ok(vec![Appended::Committed]));
    let mut want = want(1);
    want.entities = written.rows.keys().copied().chain([EntityRef::new(Kind::Task, EntityId(id(9)))]).collect();
    want.transactions = [transaction(1), transaction(2)].into();
    want.devices = [device()].into();
    let loaded = store.load(vec![want]).await.unwrap().remove(0);
    assert_eq!(loaded.head, written.head);
    for (entity, row) in &written.rows {
        assert_eq!(loaded.entities[entity].as_deref(), Some(&*row.entity));
    }
    assert_eq!(loaded.entities[&EntityRef::new(Kind::Task, EntityId(id(9)))], None);
    assert_eq!(loaded.receipts.len(), 1);
    assert_eq!(loaded.receipts[&transaction(1)].receipt, written.receipts[0].stored.receipt);
    assert_eq!(loaded.receipts[&transaction(1)].digest, written.receipts[0].stored.digest);
    assert_eq!(loaded.devices[&device()], written.devices[&device()]);
    assert_ne!(loaded.devices[&device()], DeviceClock::default());
}

async fn of_two_writers_on_one_head_the_second_is_lost<S: Store>(store: &S) {
    found(store, space(1)).await;
    let first = prepared(store, space(1), sent(space(1), 1, &[("task.create", 1, task("One"))])).await;
    let second = prepared(store, space(1), sent(space(1), 2, &[("task.create", 2, task("Two"))])).await;
    assert_eq!(store.append(std::slice::from_ref(&first)).await, Ok(vec![Appended::Committed]));
    assert_eq!(store.append(&[second]).await, Ok(vec![Appended::Lost]));
    assert_eq!(head(store, 1).await, first.head);
}

async fn a_repeated_transaction_makes_its_space_lost<S: Store>(store: &S) {
    found(store, space(1)).await;
    let written = prepared(store, space(1), sent(space(1), 1, &[("task.create", 1, task("One"))])).await;
    store.append(std::slice::from_ref(&written)).await.unwrap();
    let again = receipt_alone(&written.head, &written);
    assert_eq!(store.append(&[again]).await, Ok(vec![Appended::Lost]));
    let other = prepared(store, space(1), sent(space(1), 2, &[("task.edit", 9, json!({ "set": {} }))])).await;
    assert_eq!(store.append(&[receipt_alone(&written.head, &other)]).await, Ok(vec![Appended::Committed]));
}

/// The first event of an entity, moved to follow the present head.
fn moved(of: &Prepared, head: &Head, transaction_of: &Prepared) -> Prepared {
    let mut events = of.events.clone();
    for (event, position) in events.iter_mut().zip(head.position + 1..) {
        let mut change = (*event.change).clone();
        change.position = position;
        event.change = Arc::new(change);
    }
    let position = head.position + events.len() as i64;
    let receipts = transaction_of.receipts.clone();
    Prepared { expected: head.clone(), head: Head { position, ..head.clone() }, events, receipts, ..of.clone() }
}

async fn an_id_that_exists_makes_its_space_lost<S: Store>(store: &S) {
    found(store, space(1)).await;
    let written = prepared(store, space(1), sent(space(1), 1, &[("task.create", 1, task("One"))])).await;
    let other = prepared(store, space(1), sent(space(1), 2, &[("task.create", 2, task("Two"))])).await;
    store.append(std::slice::from_ref(&written)).await.unwrap();
    let again = moved(&written, &written.head, &other);
    assert_eq!(store.append(&[again]).await, Ok(vec![Appended::Lost]));
    assert_eq!(head(store, 1).await, written.head);
}

async fn a_sequence_that_is_taken_is_refused_with_the_whole_batch<S: Store>(store: &S) {
    for number in [1, 2] {
        found(store, space(number)).await;
        write(store, space(number), sent(space(number), 1, &[("task.create", 1, task("One"))])).await;
    }
    let edit = |title: &str| json!({ "set": { "title": title } });
    let written = prepared(store, space(1), sent(space(1), 2, &[("task.edit", 1, edit("Two"))])).await;
    let other = prepared(store, space(1), sent(space(1), 3, &[("task.edit", 1, edit("Three"))])).await;
    let neighbour = prepared(store, space(2), sent(space(2), 2, &[("task.edit", 1, edit("Two"))])).await;
    store.append(std::slice::from_ref(&written)).await.unwrap();
    let before = head(store, 2).await;
    let twice = moved(&written, &written.head, &other);
    assert!(store.append(&[twice, neighbour]).await.is_err());
    assert_eq!((head(store, 1).await, head(store, 2).await), (written.head, before));
}

async fn a_lost_space_does_not_hinder_others<S: Store>(store: &S) {
    found(store, space(1)).await;
    found(store, space(2)).await;
    let stale = prepared(store, space(1), sent(space(1), 1, &[("task.create", 1, task("One"))])).await;
    let winner = prepared(store, space(1), sent(space(1), 2, &[("task.create", 2, task("Two"))])).await;
    let neighbour = prepared(store, space(2), sent(space(2), 1, &[("task.create", 1, task("Theirs"))])).await;
    store.append(std::slice::from_ref(&winner)).await.unwrap();
    let outcomes = store.append(&[stale, neighbour.clone()]).await;
    assert_eq!(outcomes, Ok(vec![Appended::Lost, Appended::Committed]));
    assert_eq!((head(store, 1).await, head(store, 2).await), (winner.head, neighbour.head));
}

async fn a_space_whose_rows_were_repaired_is_lost<S: Store>(store: &S) {
    found(store, space(1)).await;
    let mut written = prepared(store, space(1), sent(space(1), 1, &[("task.create", 1, task("One"))])).await;
    written.expected.repairs += 1;
    assert_eq!(store.append(&[written]).await, Ok(vec![Appended::Lost]));
}

async fn referrers_are_found_deleted_ones_too<S: Store>(store: &S) {
    found(store, space(1)).await;
    let of = |title: &str| json!({ "data": { "title": title, "goal_id": id(1) } });
    let commands = [
        ("goal.create", 1, task("Goal")),
        ("milestone.create", 2, of("Step")),
        ("task.create", 3, of("Task")),
        ("task.create", 4, of("Deleted")),
        ("task.create", 5, task("Other")),
        ("task.delete", 4, json!({})),
    ];
    write(store, space(1), sent(space(1), 1, &commands)).await;
    let mut want = want(1);
    want.referrers_of = [EntityRef::new(Kind::Goal, EntityId(id(1)))].into();
    let loaded = store.load(vec![want]).await.unwrap().remove(0);
    let mut found: Vec<_> = loaded.entities.into_iter().filter(|(_, one)| one.is_some()).map(|(one, _)| one).collect();
    found.sort_unstable();
    let expected = [(Kind::Milestone, 2), (Kind::Task, 3), (Kind::Task, 4)];
    assert_eq!(found, expected.map(|(kind, number)| EntityRef::new(kind, EntityId(id(number)))));
}

async fn a_space_that_is_asked_for_twice_is_refused<S: Store>(store: &S) {
    assert!(store.load(vec![want(1), want(1)]).await.is_err());
}
