//! Feeds as data: what a replica takes and what it refuses.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::wire::{ChangesPage, SnapshotPage};
use super::{Divergence, Replica};

const TASK: Uuid = Uuid::from_u128(7);

fn change(position: i64, op: &str, version: i64, fields: &Value) -> Value {
    json!({ "position": position, "transaction_id": Uuid::from_u128(900 + position.unsigned_abs() as u128),
            "device_id": Uuid::from_u128(1), "at": 1_792_886_400_000_i64, "op": op, "entity": "task", "id": TASK,
            "version": version, "fields": fields })
}

fn page(changes: &[Value], head: i64) -> ChangesPage {
    let last = changes.last().map_or(0, |change| change["position"].as_i64().unwrap());
    let value = json!({ "changes": changes, "cursor": format!("c{last}"), "head": head, "pending": head - last,
                        "caught_up": head == last });
    serde_json::from_value(value).unwrap()
}

fn created() -> Value {
    change(
        1,
        "create",
        1,
        &json!({ "title": "Read", "difficulty": "easy", "from_the_future": [1], "deleted_at": null }),
    )
}

fn replica(changes: &[Value]) -> Replica {
    let mut replica = Replica::default();
    replica.apply(&page(changes, changes.len() as i64)).unwrap();
    replica
}

#[test]
fn changes_are_merged_into_what_is_known_and_unknown_fields_stay() {
    let replica = replica(&[created(), change(2, "update", 2, &json!({ "difficulty": "hard" }))]);
    let row = replica.row("task", TASK).unwrap();
    assert_eq!(
        Value::Object(row.fields.clone()),
        json!({ "title": "Read", "difficulty": "hard", "from_the_future": [1], "deleted_at": null })
    );
    assert_eq!((row.version, replica.position(), replica.cursor()), (2, 2, Some("c2")));
}

#[test]
fn a_deletion_leaves_a_tombstone_and_a_restore_brings_all_fields_back() {
    let deleted = change(2, "delete", 2, &json!({ "deleted_at": 5 }));
    let edited = change(3, "update", 3, &json!({ "title": "Read on" }));
    let mut replica = replica(&[created(), deleted, edited]);
    assert_eq!((replica.live().count(), replica.rows().count(), replica.checksum()), (0, 1, 0));
    let restored = change(4, "create", 4, &json!({ "title": "Read on", "deleted_at": null }));
    replica.apply(&page(&[restored], 4)).unwrap();
    assert_eq!(replica.live().count(), 1);
    assert_eq!(replica.row("task", TASK).unwrap().fields.get("difficulty"), None);
}

#[test]
fn a_gap_a_repeat_and_a_swap_are_refused() {
    let mut fresh = Replica::default();
    let gap = page(&[change(2, "create", 1, &json!({}))], 2);
    assert_eq!(fresh.apply(&gap).unwrap_err(), Divergence::Position { expected: 1, found: 2 });
    let mut again = replica(&[created()]);
    assert_eq!(
        again.apply(&page(&[created()], 1)).unwrap_err(),
        Divergence::SplitTransaction { transaction_id: Uuid::from_u128(901) }
    );
    let swapped = page(&[change(3, "update", 3, &json!({})), change(2, "update", 2, &json!({}))], 3);
    assert_eq!(replica(&[created()]).apply(&swapped).unwrap_err(), Divergence::Position { expected: 2, found: 3 });
}

#[test]
fn a_version_counts_every_change_of_its_entity() {
    let jump = page(&[change(2, "update", 3, &json!({}))], 2);
    let expected = Divergence::Version { entity: "task".into(), id: TASK, expected: 2, found: 3 };
    assert_eq!(replica(&[created()]).apply(&jump).unwrap_err(), expected);
    let unknown = page(&[change(1, "update", 1, &json!({}))], 1);
    let expected = Divergence::Unknown { entity: "task".into(), id: TASK };
    assert_eq!(Replica::default().apply(&unknown).unwrap_err(), expected);
}

#[test]
fn head_pending_and_position_add_up() {
    let mut wrong = page(&[created()], 4);
    wrong.pending = 2;
    let expected = Divergence::Standing { position: 1, head: 4, pending: 2 };
    assert_eq!(Replica::default().apply(&wrong).unwrap_err(), expected);
}

#[test]
fn a_large_transaction_is_applied_with_its_last_part() {
    let transaction = json!(Uuid::from_u128(50));
    let (mut one, mut two) = (created(), change(2, "update", 2, &json!({ "title": "On" })));
    one["transaction_id"] = transaction.clone();
    two["transaction_id"] = transaction;
    let (mut first, mut last) = (page(&[one], 2), page(&[two], 2));
    (first.part, first.of, last.part, last.of) = (Some(1), Some(2), Some(2), Some(2));
    let mut replica = Replica::default();
    assert_eq!(replica.apply(&first).unwrap().len(), 0);
    assert_eq!(replica.rows().count(), 0);
    assert_eq!(replica.apply(&last).unwrap().len(), 2);
    assert_eq!(replica.row("task", TASK).unwrap().fields["title"], "On");
}

#[test]
fn the_log_and_a_snapshot_give_equal_documents_and_sums() {
    let from_log = replica(&[created(), change(2, "update", 2, &json!({ "difficulty": "hard" }))]);
    let fields = json!({ "title": "Read", "difficulty": "hard", "from_the_future": [1] });
    let last = json!({ "items": [{ "entity": "task", "id": TASK, "version": 2, "fields": fields }], "next": null,
                       "cursor": "c2", "head": 2, "checksum": null, "counts": { "task": 1 } });
    let older = json!({ "items": [{ "entity": "task", "id": TASK, "version": 1, "fields": { "title": "Old" } }],
                        "next": "p2", "head": 1 });
    let mut from_snapshot = Replica::default();
    for page in [older, last] {
        from_snapshot.apply_snapshot(serde_json::from_value::<SnapshotPage>(page).unwrap()).unwrap();
    }
    assert_eq!(from_log.differences(&from_snapshot), Vec::<String>::new());
    assert_eq!(from_log.document(), from_snapshot.document());
    assert_eq!(from_snapshot.cursor(), Some("c2"));
}

#[test]
fn a_wrong_checksum_and_a_difference_are_named() {
    let mut wrong = page(&[created()], 1);
    wrong.checksum = Some("0000000000000000".into());
    assert!(matches!(Replica::default().apply(&wrong), Err(Divergence::Checksum { position: 1, .. })));
    let ours = replica(&[created()]);
    let theirs =
        replica(&[change(1, "create", 1, &json!({ "title": "Raed", "difficulty": "easy", "from_the_future": [1] }))]);
    assert_eq!(ours.differences(&theirs), vec![format!("task {TASK}: title \"Read\" is \"Raed\"")]);
    assert_eq!(ours.differences(&Replica::default()), vec![format!("task {TASK} is missing")]);
    assert_eq!(Replica::default().differences(&ours), vec![format!("task {TASK} should not be there")]);
}
