use serde_json::{Value, json};

use crate::testing::{NOON, Space, id, phone};

fn refused(command: &str, body: Value) -> (String, String) {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "task.create", id(1), json!({ "title": "Read" })).unwrap();
    let (position, rows) = (space.position, space.entities.clone());
    let target = if command == "task.create" { id(2) } else { id(1) };
    let error = space.does(phone(), NOON, command, target, body).unwrap_err().errors().remove(0);
    assert_eq!((space.position, &space.entities), (position, &rows), "nothing is written");
    assert!(!error.message.contains('\0') && error.message.chars().count() <= 400);
    (error.pointer, error.code)
}

fn error(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

#[test]
fn fields_that_nobody_may_write_are_unknown() {
    let derived =
        ["completed_at", "completion_count", "streak", "focus_minutes", "version", "id", "stamps", "nonsense"];
    for field in derived {
        let unknown = |part: &str| error(&format!("/{part}/{field}"), "field_unknown");
        assert_eq!(refused("task.create", json!({ "title": "Read", field: 1 })), unknown("data"));
        assert_eq!(refused("task.edit", json!({ "set": { field: 1 } })), unknown("set"));
        assert_eq!(refused("task.edit", json!({ "add": { field: ["a"] } })), unknown("add"));
        assert_eq!(refused("task.edit", json!({ "remove": { field: ["a"] } })), unknown("remove"));
    }
}

#[test]
fn a_pointer_escapes_what_json_pointers_escape() {
    assert_eq!(refused("task.edit", json!({ "set": { "a/b~c": 1 } })), error("/set/a~1b~0c", "field_unknown"));
    let focus = json!({ "minutes": 1, "cycles": 1, "a/b": 1 });
    assert_eq!(refused("task.focus", focus), error("/data/a~1b", "field_unknown"));
}

#[test]
fn only_sets_have_members() {
    for part in ["add", "remove"] {
        assert_eq!(
            refused("task.edit", json!({ part: { "title": ["a"] } })),
            error(&format!("/{part}/title"), "type_wrong")
        );
        let wrong = json!({ part: { "tags": ["a", 5] } });
        assert_eq!(refused("task.edit", wrong), error(&format!("/{part}/tags/1"), "type_wrong"));
        let wrong = json!({ part: { "tags": "a" } });
        assert_eq!(refused("task.edit", wrong), error(&format!("/{part}/tags"), "type_wrong"));
    }
}

#[test]
fn an_add_that_makes_the_set_too_large_is_told_where_it_was_sent() {
    let many: Vec<String> = (0..21).map(|number| number.to_string()).collect();
    assert_eq!(refused("task.edit", json!({ "add": { "tags": many } })), error("/add/tags", "too_many"));
    assert_eq!(refused("task.edit", json!({ "add": { "tags": [" "] } })), error("/add/tags", "text_blank"));
}

#[test]
fn required_fields_are_missed() {
    assert_eq!(refused("task.create", json!({})), error("/data/title", "field_missing"));
    assert_eq!(refused("task.create", json!({ "kind": "main" })), error("/data/title", "field_missing"));
}

#[test]
fn every_field_out_of_range_is_told_at_once_with_its_limits() {
    let mut space = Space::founded("UTC");
    let data = json!({ "title": "a", "exp_reward": 1000, "energy_cost": 0 });
    let errors = space.does(phone(), NOON, "task.create", id(1), data).unwrap_err().errors();
    let told: Vec<_> = errors.iter().map(|error| (error.pointer.as_str(), error.code.as_str())).collect();
    let all =
        [("/data/energy_cost", "out_of_range"), ("/data/exp_reward", "out_of_range"), ("/data/title", "too_short")];
    assert_eq!(told, all);
    assert_eq!(Value::Object(errors[1].limits.clone()), json!({ "min": 5, "max": 100 }));
    assert_eq!(Value::Object(errors[2].limits.clone()), json!({ "min": 2, "max": 200 }));
}

#[test]
fn what_is_quoted_in_an_error_can_be_stored() {
    assert_eq!(refused("task.edit", json!({ "set": { "kind": "a\0b" } })), error("/set/kind", "type_wrong"));
    assert_eq!(
        refused("task.edit", json!({ "set": { "kind": "x".repeat(100_000) } })),
        error("/set/kind", "type_wrong")
    );
    let (pointer, code) = refused("task.edit", json!({ "set": { "a\0": 1 } }));
    assert_eq!((pointer.as_str(), code.as_str()), ("/set/a\u{fffd}", "field_unknown"));
}
