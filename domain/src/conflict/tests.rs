use serde_json::{Value, json};

use super::conflict_id;
use crate::entity::OutcomeKind::{Applied, Merged, Superseded};
use crate::entity::{EntityRef, Kind};
use crate::id::EntityId;
use crate::rejection::Rejection;
use crate::testing::{HOUR, MINUTE, NOON, SPACE, Space, Writer, browser, id, phone, tablet};

/// A task whose title the phone and the browser set without having seen each other: the browser's is later.
fn torn() -> Space {
    let mut space = Space::founded("UTC");
    space.does(tablet(), NOON, "task.create", id(1), json!({ "title": "Read" })).unwrap();
    let base = space.position;
    rename(&mut space, phone().at_base(base), NOON + MINUTE, "Phone");
    rename(&mut space, browser().at_base(base), NOON + 2 * MINUTE, "Browser");
    space
}

fn rename(space: &mut Space, writer: Writer, at: i64, title: &str) -> crate::testing::Told {
    space.does(writer, at, "task.edit", id(1), json!({ "set": { "title": title } })).unwrap()
}

fn conflict(field: &str) -> EntityId {
    conflict_id(SPACE, EntityRef::new(Kind::Task, id(1)), field)
}

fn title(space: &Space) -> Value {
    space.sees("task", id(1), &["title"])["title"].clone()
}

/// The values to choose from, the shown one first; null when the conflict is closed.
fn sides(space: &Space, field: &str) -> Value {
    let seen = space.sees("conflict", conflict(field), &["deleted_at", "current", "others"]);
    if !seen["deleted_at"].is_null() {
        return Value::Null;
    }
    let others = seen["others"].as_array().unwrap().iter().map(|side| side["value"].clone());
    std::iter::once(seen["current"]["value"].clone()).chain(others).collect()
}

fn resolve(space: &mut Space, writer: Writer, field: &str, data: Value) -> Result<crate::testing::Told, Rejection> {
    space.does(writer, NOON + HOUR, "conflict.resolve", conflict(field), data)
}

#[test]
fn writes_that_did_not_see_each_other_open_a_conflict_and_the_later_is_shown() {
    let mut space = torn();
    assert_eq!(title(&space), json!("Browser"));
    assert_eq!(sides(&space, "title"), json!(["Browser", "Phone"]));
    let told = rename(&mut space, tablet().at_base(8), NOON, "Tablet");
    assert_eq!((told.kind(), told.outcome.conflicts), (Merged, vec![conflict("title")]));
    assert_eq!(told.outcome.superseded, ["title"]);
    assert_eq!(sides(&space, "title"), json!(["Browser", "Phone", "Tablet"]));
}

#[test]
fn the_same_value_twice_is_no_conflict() {
    let mut space = torn();
    rename(&mut space, phone(), NOON + HOUR, "Same");
    let base = space.position - 2;
    let told = rename(&mut space, browser().at_base(base), NOON + HOUR, "Same");
    assert_eq!((told.kind(), sides(&space, "title")), (Applied, json!(null)));
}

#[test]
fn an_edit_that_has_seen_all_candidates_closes_it_and_it_can_open_again() {
    let mut space = torn();
    let base = space.position;
    assert_eq!(rename(&mut space, phone(), NOON + HOUR, "Settled").kind(), Applied);
    assert_eq!((title(&space), sides(&space, "title")), (json!("Settled"), json!(null)));
    rename(&mut space, tablet().at_base(base), NOON + 2 * HOUR, "Again");
    assert_eq!(sides(&space, "title"), json!(["Again", "Settled"]));
}

#[test]
fn any_device_resolves_it_once() {
    for (data, shown) in [
        (json!({ "choice": "current" }), "Browser"),
        (json!({ "choice": "other" }), "Phone"),
        (json!({ "choice": "value", "value": "Both" }), "Both"),
    ] {
        for writer in [tablet(), tablet().without_base()] {
            let mut space = torn();
            let told = resolve(&mut space, writer, "title", data.clone()).unwrap();
            assert_eq!((told.kind(), title(&space), sides(&space, "title")), (Applied, json!(shown), json!(null)));
            let late = resolve(&mut space, phone(), "title", data.clone());
            assert_eq!(late, Err(Rejection::ConflictClosed));
        }
    }
}

#[test]
fn what_the_deciding_device_had_not_seen_stays_to_be_decided() {
    let mut space = torn();
    let base = space.position;
    rename(&mut space, tablet().at_base(8), NOON, "Tablet");
    let told = resolve(&mut space, phone().at_base(base), "title", json!({ "choice": "other" })).unwrap();
    assert_eq!((told.kind(), sides(&space, "title")), (Merged, json!(["Phone", "Tablet"])));
}

#[test]
fn a_choice_of_a_value_that_the_field_refuses_is_told_where_it_stands() {
    let mut space = torn();
    for (data, code, pointer) in [
        (json!({ "choice": "value", "value": "x" }), "too_short", "/data/value"),
        (json!({ "choice": "value", "value": 7 }), "type_wrong", "/data/value"),
        (json!({ "choice": "value" }), "field_missing", "/data/value"),
        (json!({ "choice": "current", "value": "x" }), "field_unknown", "/data/value"),
        (json!({ "choice": "neither" }), "type_wrong", "/data/choice"),
        (json!({}), "field_missing", "/data/choice"),
    ] {
        let refused = resolve(&mut space, phone(), "title", data).unwrap_err();
        assert_eq!((refused.code(), refused.errors()[0].pointer.as_str()), (code, pointer));
    }
    let nobodys = space.does(phone(), NOON, "conflict.resolve", id(99), json!({ "choice": "current" }));
    assert_eq!(nobodys, Err(Rejection::NotFound));
}

#[test]
fn without_a_base_stamps_decide_and_nothing_is_asked() {
    let mut space = torn();
    assert_eq!(rename(&mut space, tablet().without_base(), NOON, "Early").kind(), Superseded);
    assert_eq!(sides(&space, "title"), json!(["Browser", "Phone"]));
    assert_eq!(rename(&mut space, tablet().without_base(), NOON + HOUR, "Late").kind(), Applied);
    assert_eq!((title(&space), sides(&space, "title")), (json!("Late"), json!(null)));
}

#[test]
fn a_conflict_rests_while_its_entity_is_deleted() {
    let mut space = torn();
    space.does(phone(), NOON + HOUR, "task.delete", id(1), json!(null)).unwrap();
    assert_eq!(sides(&space, "title"), json!(null));
    space.does(phone(), NOON + HOUR, "task.restore", id(1), json!(null)).unwrap();
    assert_eq!(sides(&space, "title"), json!(["Browser", "Phone"]));
}

#[test]
fn deleted_here_and_edited_there_is_a_conflict_whichever_comes_first() {
    for delete_first in [true, false] {
        for (data, stays) in [(json!({ "choice": "current" }), true), (json!({ "choice": "other" }), false)] {
            let mut space = Space::founded("UTC");
            space.does(tablet(), NOON, "task.create", id(1), json!({ "title": "Read" })).unwrap();
            let base = space.position;
            for delete in [delete_first, !delete_first] {
                if delete {
                    let told = space.does(phone().at_base(base), NOON, "task.delete", id(1), json!(null)).unwrap();
                    assert_eq!(told.kind(), if delete_first { Applied } else { Merged });
                } else {
                    rename(&mut space, browser().at_base(base), NOON + MINUTE, "Edited");
                }
            }
            assert_eq!(sides(&space, "deleted_at"), json!([NOON, null]));
            resolve(&mut space, tablet(), "deleted_at", data).unwrap();
            assert_eq!(sides(&space, "deleted_at"), json!(null));
            let deleted_at = if stays { json!(NOON + HOUR) } else { json!(null) };
            assert_eq!(
                space.sees("task", id(1), &["title", "deleted_at"]),
                json!({ "title": "Edited", "deleted_at": deleted_at })
            );
        }
    }
}

#[test]
fn a_milestone_made_for_a_goal_that_another_device_deleted_comes_back_with_it() {
    let mut space = Space::founded("UTC");
    space.does(tablet(), NOON, "goal.create", id(1), json!({ "title": "Win" })).unwrap();
    let base = space.position;
    space.does(phone(), NOON, "goal.delete", id(1), json!(null)).unwrap();
    let step = json!({ "title": "Step", "goal_id": id(1) });
    let told = space.does(browser().at_base(base), NOON, "milestone.create", id(2), step.clone()).unwrap();
    assert_eq!(told.kind(), Merged);
    assert_eq!(space.sees("milestone", id(2), &["deleted_at"]), json!({ "deleted_at": NOON }));
    let known = space.does(phone(), NOON, "milestone.create", id(3), step);
    assert_eq!(known.unwrap_err().code(), "reference_deleted");
    space
        .does(browser().at_base(base), NOON, "milestone.edit", id(2), json!({ "set": { "title": "Better" } }))
        .unwrap();
    space.does(phone(), NOON, "goal.restore", id(1), json!(null)).unwrap();
    assert_eq!(
        space.sees("milestone", id(2), &["title", "deleted_at"]),
        json!({ "title": "Better", "deleted_at": null })
    );
    assert_eq!(space.sees("goal", id(1), &["milestones_total"]), json!({ "milestones_total": 1 }));
}
