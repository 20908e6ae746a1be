use serde_json::json;

use crate::entity::OutcomeKind::{Applied, Merged, Superseded, Unchanged};
use crate::testing::{HOUR, MINUTE, NOON, Space, browser, id, phone, tablet};

fn space() -> Space {
    let mut space = Space::founded("UTC");
    let data = json!({ "title": "Read", "tags": ["book", "home"] });
    space.does(tablet(), NOON, "task.create", id(1), data).unwrap();
    space
}

fn seen(space: &Space, field: &str) -> serde_json::Value {
    space.sees("task", id(1), &[field])[field].clone()
}

#[test]
fn an_edit_records_base_stamp_and_each_field_before_and_after() {
    let mut space = space();
    let edit =
        json!({ "set": { "estimated_minutes": 50 }, "add": { "tags": ["night"] }, "remove": { "tags": ["book"] } });
    space.does(phone().at_base(8), NOON + HOUR, "task.edit", id(1), edit).unwrap();
    let expected = json!({
        "mark": { "position": 9, "at": NOON + HOUR, "stamp": [NOON + HOUR, 0, phone().device] },
        "change": { "edited": { "base": 8, "changes": {
            "estimated_minutes": { "before": 25, "after": 50 },
            "tags": {
                "before": ["book", "home"], "after": ["home", "night"], "added": ["night"], "removed": ["book"],
            },
        } } },
    });
    assert_eq!(space.last_event(), expected);
}

#[test]
fn a_value_that_the_device_had_seen_is_replaced_even_by_a_smaller_stamp() {
    let mut space = space();
    let later = json!({ "set": { "rank": "b" } });
    space.does(phone(), NOON + HOUR, "task.edit", id(1), later).unwrap();
    let earlier = json!({ "set": { "rank": "c" } });
    let told = space.does(browser(), NOON - HOUR, "task.edit", id(1), earlier).unwrap();
    assert_eq!((told.kind(), seen(&space, "rank")), (Applied, json!("c")));
}

#[test]
fn between_unseen_writes_the_greater_stamp_stands() {
    let mut space = space();
    let base = space.position;
    let mut edit = |writer: crate::testing::Writer, at, rank: &str| {
        let told =
            space.does(writer.at_base(base), at, "task.edit", id(1), json!({ "set": { "rank": rank } })).unwrap();
        (told.kind(), told.outcome.superseded, seen(&space, "rank"))
    };
    assert_eq!(edit(phone(), NOON + 2 * MINUTE, "b"), (Applied, vec![], json!("b")));
    assert_eq!(edit(browser(), NOON + MINUTE, "c"), (Superseded, vec!["rank".to_owned()], json!("b")));
    assert_eq!(edit(browser(), NOON + 2 * MINUTE, "d"), (Applied, vec![], json!("d")), "one ms: the greater device id");
    assert_eq!(edit(phone(), NOON + 2 * MINUTE, "e"), (Applied, vec![], json!("e")), "one ms: the greater counter");
    assert_eq!(edit(tablet(), NOON + 2 * MINUTE, "f"), (Superseded, vec!["rank".to_owned()], json!("e")));
}

#[test]
fn a_devices_own_writes_are_seen_whatever_its_base() {
    let mut space = space();
    let base = space.position;
    for (at, rank) in [(NOON + HOUR, "b"), (NOON, "c")] {
        let told =
            space.does(phone().at_base(base), at, "task.edit", id(1), json!({ "set": { "rank": rank } })).unwrap();
        assert_eq!((told.kind(), seen(&space, "rank")), (Applied, json!(rank)));
    }
}

#[test]
fn without_a_base_stamps_decide() {
    let mut space = space();
    space.does(phone(), NOON + HOUR, "task.edit", id(1), json!({ "set": { "rank": "b" } })).unwrap();
    let blind = browser().without_base();
    let told = space.does(blind, NOON + MINUTE, "task.edit", id(1), json!({ "set": { "rank": "c" } })).unwrap();
    assert_eq!((told.kind(), seen(&space, "rank")), (Superseded, json!("b")));
    let told = space.does(blind, NOON + 2 * HOUR, "task.edit", id(1), json!({ "set": { "rank": "d" } })).unwrap();
    assert_eq!((told.kind(), seen(&space, "rank")), (Applied, json!("d")));
    assert_eq!(space.last_edit()["base"], json!(null));
    let told = space.does(blind, NOON - HOUR, "task.edit", id(1), json!({ "set": { "kind": "main" } })).unwrap();
    assert_eq!(told.kind(), Applied, "the device's clock never goes back within the space");
}

#[test]
fn a_field_never_edited_counts_as_written_by_the_creation() {
    let mut space = space();
    let blind = browser().without_base();
    let told = space.does(blind, NOON - HOUR, "task.edit", id(1), json!({ "set": { "kind": "main" } })).unwrap();
    assert_eq!((told.kind(), seen(&space, "kind")), (Superseded, json!("simple")));
}

#[test]
fn an_edit_that_loses_one_field_keeps_the_others() {
    let mut space = space();
    let base = space.position;
    space.does(phone(), NOON + HOUR, "task.edit", id(1), json!({ "set": { "rank": "b" } })).unwrap();
    let edit = json!({ "set": { "rank": "c", "kind": "main", "title": "Write" } });
    let told = space.does(browser().at_base(base), NOON + MINUTE, "task.edit", id(1), edit).unwrap();
    assert_eq!((told.kind(), told.outcome.superseded), (Merged, vec!["rank".to_owned()]));
    let expected = json!({ "rank": "b", "kind": "main", "title": "Write" });
    assert_eq!(space.sees("task", id(1), &["rank", "kind", "title"]), expected);
}

#[test]
fn a_write_of_the_present_value_moves_its_stamp() {
    let mut space = space();
    let base = space.position;
    space.does(phone().at_base(base), NOON + HOUR, "task.edit", id(1), json!({ "set": { "kind": "simple" } })).unwrap();
    let edit = json!({ "set": { "kind": "main" } });
    let told = space.does(browser().at_base(base), NOON + MINUTE, "task.edit", id(1), edit).unwrap();
    assert_eq!((told.kind(), seen(&space, "kind")), (Superseded, json!("simple")));
}

#[test]
fn an_edit_of_nothing_is_unchanged() {
    let mut space = space();
    for edit in [json!({ "set": {} }), json!({ "add": {} }), json!({ "remove": {} })] {
        let told = space.does(phone(), NOON, "task.edit", id(1), edit).unwrap();
        assert_eq!((told.kind(), told.events), (Unchanged, vec![]));
    }
}

#[test]
fn members_of_sets_come_and_go_one_by_one_and_an_add_wins() {
    let mut space = space();
    let base = space.position;
    let edit = json!({ "add": { "tags": ["night", "book"] }, "remove": { "tags": ["book", "never there"] } });
    space.does(phone().at_base(base), NOON, "task.edit", id(1), edit).unwrap();
    assert_eq!(seen(&space, "tags"), json!(["book", "home", "night"]));
    let edit = json!({ "remove": { "tags": ["home"] } });
    space.does(browser().at_base(base), NOON - HOUR, "task.edit", id(1), edit).unwrap();
    assert_eq!(seen(&space, "tags"), json!(["book", "night"]));
    let edit = json!({ "set": { "tags": ["a", "b"] }, "add": { "tags": ["c"] }, "remove": { "tags": ["a"] } });
    space.does(browser(), NOON, "task.edit", id(1), edit).unwrap();
    assert_eq!(seen(&space, "tags"), json!(["b", "c"]));
}

#[test]
fn the_state_keeps_the_last_write_of_each_field() {
    let mut space = space();
    space.does(phone(), NOON + HOUR, "task.edit", id(1), json!({ "set": { "rank": "b" } })).unwrap();
    space.does(phone(), NOON, "task.complete", id(1), json!(null)).unwrap();
    let stamps = json!({
        "created": [NOON, 0, tablet().device, 8],
        "fields": { "rank": [NOON + HOUR, 0, phone().device, 9] },
        "completion": [NOON + HOUR + 1, 0, phone().device, 10],
    });
    assert_eq!(seen(&space, "stamps"), stamps);
}
