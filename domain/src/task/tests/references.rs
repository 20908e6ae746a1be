use serde_json::{Value, json};

use crate::entity::OutcomeKind::{Merged, Superseded};
use crate::rejection::Rejection;
use crate::testing::{HOUR, MINUTE, NOON, Space, browser, id, phone};

const FIELDS: [(&str, &str); 3] = [("skill_id", "skill"), ("goal_id", "goal"), ("parent_id", "task")];

/// A skill, a goal and a task, all with the id 5.
fn space() -> Space {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "skill.create", id(5), json!({ "name": "Chess" })).unwrap();
    space.does(phone(), NOON, "goal.create", id(5), json!({ "title": "Win" })).unwrap();
    space.does(phone(), NOON, "task.create", id(5), json!({ "title": "Play" })).unwrap();
    space.does(phone(), NOON, "task.create", id(1), json!({ "title": "Read" })).unwrap();
    space
}

fn set(field: &str, value: Value) -> Value {
    json!({ "set": { field: value } })
}

#[test]
fn a_reference_to_what_exists_is_kept() {
    let mut space = space();
    for (field, _) in FIELDS {
        space.does(phone(), NOON, "task.edit", id(1), set(field, json!(id(5)))).unwrap();
        assert_eq!(space.sees("task", id(1), &[field]), json!({ field: id(5) }));
        space.does(phone(), NOON, "task.edit", id(1), set(field, json!(null))).unwrap();
        assert_eq!(space.sees("task", id(1), &[field]), json!({ field: null }));
    }
}

#[test]
fn a_reference_to_what_never_existed_is_missing_and_told_with_its_place() {
    let mut space = space();
    space.does(phone(), NOON, "milestone.create", id(6), json!({ "title": "Step", "goal_id": id(5) })).unwrap();
    for (field, _) in FIELDS {
        for unknown in [id(6), id(99)] {
            let refused = space.does(phone(), NOON, "task.edit", id(1), set(field, json!(unknown))).unwrap_err();
            let (pointer, field) = (format!("/set/{field}"), field.to_owned());
            assert_eq!(
                refused,
                Rejection::ReferenceMissing { pointer: pointer.clone(), field: field.clone(), id: unknown }
            );
            assert_eq!(refused.errors()[0].pointer, pointer);
            let data = json!({ "title": "New", field: unknown });
            let refused = space.does(phone(), NOON, "task.create", id(2), data).unwrap_err();
            assert_eq!(refused.code(), "reference_missing");
            assert!(refused.errors()[0].pointer.starts_with("/data/"));
        }
    }
}

#[test]
fn a_reference_that_is_no_id_is_of_the_wrong_type() {
    let mut space = space();
    for (field, _) in FIELDS {
        for value in [json!("5"), json!(5), json!([id(5)]), json!("")] {
            let refused = space.does(phone(), NOON, "task.edit", id(1), set(field, value)).unwrap_err();
            assert_eq!((refused.code(), refused.errors()[0].pointer.clone()), ("type_wrong", format!("/set/{field}")));
        }
    }
}

#[test]
fn a_reference_to_something_deleted_is_accepted_and_cleared() {
    for (field, kind) in FIELDS {
        let mut space = space();
        space.does(phone(), NOON, &format!("{kind}.delete"), id(5), json!(null)).unwrap();
        let told = space.does(browser(), NOON, "task.edit", id(1), set(field, json!(id(5)))).unwrap();
        assert_eq!((told.kind(), told.outcome.cleared), (Merged, vec![field.to_owned()]));
        assert_eq!(space.sees("task", id(1), &[field]), json!({ field: null }));
        let told = space.does(browser(), NOON, "task.create", id(2), json!({ "title": "New", field: id(5) })).unwrap();
        assert_eq!((told.kind(), told.outcome.cleared), (Merged, vec![field.to_owned()]));
        assert_eq!(space.sees("task", id(2), &[field]), json!({ field: null }));
    }
}

#[test]
fn a_reference_that_loses_against_a_later_write_is_not_called_cleared() {
    let mut space = space();
    let base = space.position;
    space.does(phone(), NOON + HOUR, "task.edit", id(1), set("parent_id", json!(null))).unwrap();
    space.does(phone(), NOON + HOUR, "task.delete", id(5), json!(null)).unwrap();
    let late = set("parent_id", json!(id(5)));
    let told = space.does(browser().at_base(base), NOON + MINUTE, "task.edit", id(1), late).unwrap();
    assert_eq!((told.kind(), told.outcome.cleared), (Superseded, vec![]));
}

#[test]
fn a_task_is_never_its_own_ancestor() {
    let mut space = space();
    for (number, parent) in [(2, 1), (3, 2)] {
        let data = json!({ "title": "Below", "parent_id": id(parent) });
        space.does(phone(), NOON, "task.create", id(number), data).unwrap();
    }
    for (task, parent) in [(1, 1), (1, 2), (1, 3), (2, 3)] {
        let refused =
            space.does(phone(), NOON, "task.edit", id(task), set("parent_id", json!(id(parent)))).unwrap_err();
        assert_eq!(refused.code(), "reference_cycle", "{task} under {parent}");
        assert_eq!(refused.errors()[0].pointer, "/set/parent_id");
    }
    let own =
        space.does(phone(), NOON, "task.create", id(9), json!({ "title": "Own", "parent_id": id(9) })).unwrap_err();
    assert_eq!(own.code(), "reference_cycle");
    space.does(phone(), NOON, "task.edit", id(3), set("parent_id", json!(id(1)))).unwrap();
}

#[test]
fn a_restore_closes_no_cycle() {
    let mut space = space();
    for (number, parent) in [(2, 1), (3, 2)] {
        let data = json!({ "title": "Below", "parent_id": id(parent) });
        space.does(phone(), NOON, "task.create", id(number), data).unwrap();
    }
    space.does(phone(), NOON, "task.delete", id(2), json!(null)).unwrap();
    space.does(phone(), NOON, "task.edit", id(1), set("parent_id", json!(id(3)))).unwrap();
    space.does(phone(), NOON, "task.restore", id(2), json!(null)).unwrap();
    let parents = [1, 2, 3].map(|number| space.sees("task", id(number), &["parent_id"])["parent_id"].clone());
    assert_eq!(parents, [json!(id(3)), json!(id(1)), json!(null)], "3 stays free: 2 is under 1, which is under 3 now");
}
