use serde_json::json;

use crate::entity::OutcomeKind::{Applied, Merged, Superseded, Unchanged};
use crate::id::EntityId;
use crate::limits::SPACE_LIVE_ENTITIES_MAX;
use crate::rejection::Rejection;
use crate::testing::{HOUR, MINUTE, NOON, SPACE, Space, browser, id, phone, tablet};

/// Task 1 is the parent of tasks 2 and 3.
fn family() -> Space {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "task.create", id(1), json!({ "title": "Parent" })).unwrap();
    for number in [2, 3] {
        space.does(phone(), NOON, "task.create", id(number), json!({ "title": "Child", "parent_id": id(1) })).unwrap();
    }
    space
}

fn parent(space: &Space, number: u128) -> serde_json::Value {
    space.sees("task", id(number), &["parent_id"])["parent_id"].clone()
}

#[test]
fn an_id_in_use_is_refused_even_of_a_tombstone() {
    let mut space = family();
    let again = json!({ "title": "Again" });
    assert_eq!(space.does(browser(), NOON, "task.create", id(1), again.clone()), Err(Rejection::AlreadyExists));
    space.does(phone(), NOON, "task.delete", id(1), json!(null)).unwrap();
    assert_eq!(space.does(browser(), NOON, "task.create", id(1), again.clone()), Err(Rejection::AlreadyExists));
    space.does(browser(), NOON, "goal.create", id(1), again).expect("another kind counts by itself");
}

#[test]
fn the_heros_id_is_taken_by_no_other_kind() {
    let mut space = Space::founded("UTC");
    let hero = EntityId::from(SPACE);
    for kind in ["task", "goal", "skill"] {
        let data = json!({ "title": "Mine" });
        let data = if kind == "skill" { json!({ "name": "Mine" }) } else { data };
        let taken = space.does(phone(), NOON, &format!("{kind}.create"), hero, data);
        assert_eq!(taken, Err(Rejection::AlreadyExists), "{kind}");
    }
}

#[test]
fn a_full_space_takes_no_more_but_a_delete_makes_room() {
    let mut space = family();
    let full = Rejection::SpaceFull { max: SPACE_LIVE_ENTITIES_MAX };
    space.live_entities = Some(SPACE_LIVE_ENTITIES_MAX);
    assert_eq!(space.does(phone(), NOON, "task.create", id(4), json!({ "title": "More" })), Err(full.clone()));
    space.does(phone(), NOON, "task.delete", id(3), json!(null)).unwrap();
    assert_eq!(space.does(phone(), NOON, "task.restore", id(3), json!(null)), Err(full));
    space.live_entities = Some(SPACE_LIVE_ENTITIES_MAX - 1);
    space.does(phone(), NOON, "task.restore", id(3), json!(null)).unwrap();
}

#[test]
fn deleting_a_task_leaves_a_tombstone_and_frees_its_children() {
    let mut space = family();
    let told = space.does(phone(), NOON + HOUR, "task.delete", id(1), json!(null)).unwrap();
    assert_eq!(told.events, ["task.deleted", ": task.unlinked", ": task.unlinked"]);
    assert_eq!(space.sees("task", id(1), &["deleted_at"]), json!({ "deleted_at": NOON + HOUR }));
    assert_eq!([parent(&space, 2), parent(&space, 3)], [json!(null), json!(null)]);
    let link = json!({ "field": "parent_id", "target": id(1), "before": id(1), "after": null });
    assert_eq!(space.last_event()["change"]["unlinked"], link);
}

#[test]
fn a_restore_brings_back_what_the_delete_took_and_nobody_has_set_since() {
    let mut space = family();
    space.does(phone(), NOON, "task.create", id(4), json!({ "title": "Other" })).unwrap();
    space.does(phone(), NOON, "task.delete", id(1), json!(null)).unwrap();
    space.does(browser(), NOON + MINUTE, "task.edit", id(3), json!({ "set": { "parent_id": id(4) } })).unwrap();
    let told = space.does(browser(), NOON + HOUR, "task.restore", id(1), json!(null)).unwrap();
    assert_eq!(told.events, ["task.restored", ": task.linked"]);
    assert_eq!([parent(&space, 2), parent(&space, 3)], [json!(id(1)), json!(id(4))]);
}

#[test]
fn a_reference_that_somebody_cleared_since_stays_cleared() {
    let mut space = family();
    space.does(phone(), NOON, "task.delete", id(1), json!(null)).unwrap();
    space.does(browser(), NOON + MINUTE, "task.edit", id(2), json!({ "set": { "parent_id": null } })).unwrap();
    space.does(browser(), NOON + HOUR, "task.restore", id(1), json!(null)).unwrap();
    assert_eq!([parent(&space, 2), parent(&space, 3)], [json!(null), json!(id(1))]);
}

#[test]
fn a_restore_after_a_repeated_delete_still_brings_everything_back() {
    let mut space = family();
    space.does(phone(), NOON, "task.delete", id(1), json!(null)).unwrap();
    let again = space.does(browser(), NOON + MINUTE, "task.delete", id(1), json!(null)).unwrap();
    assert_eq!((again.kind(), again.events), (Unchanged, vec!["task.reaffirmed".to_owned()]));
    space.does(browser(), NOON + HOUR, "task.restore", id(1), json!(null)).unwrap();
    assert_eq!([parent(&space, 2), parent(&space, 3)], [json!(id(1)), json!(id(1))]);
}

#[test]
fn tombstones_lose_and_regain_their_references_too() {
    let mut space = family();
    space.does(phone(), NOON, "task.delete", id(2), json!(null)).unwrap();
    space.does(phone(), NOON, "task.delete", id(1), json!(null)).unwrap();
    assert_eq!(parent(&space, 2), json!(null));
    space.does(phone(), NOON, "task.restore", id(2), json!(null)).unwrap();
    assert_eq!(parent(&space, 2), json!(null), "a live task never refers to a deleted one");
    space.does(phone(), NOON, "task.restore", id(1), json!(null)).unwrap();
    assert_eq!(parent(&space, 2), json!(id(1)));
}

#[test]
fn delete_and_restore_are_one_register() {
    let mut space = family();
    let base = space.position;
    let kept = space.does(browser().at_base(base), NOON + 2 * MINUTE, "task.restore", id(2), json!(null)).unwrap();
    assert_eq!((kept.kind(), kept.events), (Unchanged, vec!["task.reaffirmed".to_owned()]));
    let older = space.does(tablet().at_base(base), NOON + MINUTE, "task.delete", id(2), json!(null)).unwrap();
    assert_eq!((older.kind(), older.events), (Superseded, vec![]));
    let later = space.does(tablet().at_base(base), NOON + 3 * MINUTE, "task.delete", id(2), json!(null)).unwrap();
    assert_eq!(later.kind(), Applied);
    let seen = space.does(browser(), NOON, "task.restore", id(2), json!(null)).unwrap();
    assert_eq!(seen.kind(), Applied, "a device that has seen the delete undoes it, whatever its clock says");
}

#[test]
fn an_edit_of_a_task_deleted_unseen_is_kept_in_the_tombstone() {
    let mut space = family();
    let base = space.position;
    space.does(phone(), NOON, "task.delete", id(2), json!(null)).unwrap();
    let set = json!({ "set": { "title": "Edited" } });
    let told = space.does(browser().at_base(base), NOON, "task.edit", id(2), set.clone()).unwrap();
    assert_eq!(told.kind(), Merged, "a conflict offers to restore it");
    assert_eq!(space.does(phone(), NOON, "task.edit", id(2), set.clone()), Err(Rejection::Deleted));
    assert_eq!(space.does(browser(), NOON, "task.edit", id(2), set), Err(Rejection::Deleted));
    space.does(phone(), NOON + HOUR, "task.restore", id(2), json!(null)).unwrap();
    assert_eq!(space.sees("task", id(2), &["title", "deleted_at"]), json!({ "title": "Edited", "deleted_at": null }));
}

#[test]
fn what_never_existed_is_not_found() {
    let mut space = family();
    for command in ["task.edit", "task.delete", "task.restore", "task.uncomplete"] {
        let body = if command == "task.edit" { json!({ "set": {} }) } else { json!(null) };
        assert_eq!(space.does(phone(), NOON, command, id(77), body), Err(Rejection::NotFound), "{command}");
    }
}
