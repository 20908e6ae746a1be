use serde_json::{Value, json};

use crate::testing::{NOON, Space, id, phone};

fn tried(data: Value) -> Result<Value, (String, String)> {
    let mut space = Space::founded("UTC");
    let told = space.does(phone(), NOON, "goal.create", id(1), data);
    told.map(|_| space.sees("goal", id(1), &["title", "status", "priority", "exp_reward", "target_at", "tags"]))
        .map_err(|refused| {
            let error = refused.errors().remove(0);
            (error.pointer, error.code)
        })
}

fn with(field: &str, value: Value) -> Result<Value, (String, String)> {
    let mut data = json!({ "title": "Win" });
    data[field] = value;
    tried(data)
}

fn refused(field: &str, code: &str) -> Result<Value, (String, String)> {
    Err((format!("/data/{field}"), code.to_owned()))
}

#[test]
fn a_creation_gets_the_defaults() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Win" })).unwrap();
    let defaults = json!({
        "title": "Win", "description": null, "status": "active", "priority": "medium", "target_at": null,
        "parent_id": null, "skill_id": null, "exp_reward": 100, "tags": [], "completed_at": null, "completion": null,
        "milestones_done": 0, "milestones_total": 0, "focus_minutes": 0, "focus_cycles": 0,
    });
    let names: Vec<&str> = defaults.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(space.sees("goal", id(1), &names), defaults);
}

#[test]
fn every_field_has_its_range() {
    for (field, value) in [
        ("title", json!("ab")),
        ("title", json!("😀".repeat(200))),
        ("description", json!("a".repeat(2000))),
        ("status", json!("paused")),
        ("priority", json!("high")),
        ("exp_reward", json!(5)),
        ("exp_reward", json!(5000)),
        ("target_at", json!(0)),
        ("tags", json!(["a"])),
    ] {
        assert!(with(field, value.clone()).is_ok(), "{field} {value}");
    }
    assert_eq!(tried(json!({})), refused("title", "field_missing"));
    assert_eq!(with("title", json!("a")), refused("title", "too_short"));
    assert_eq!(with("title", json!("a".repeat(201))), refused("title", "too_long"));
    assert_eq!(with("title", json!("  ")), refused("title", "text_blank"));
    assert_eq!(with("title", json!("a\0")), refused("title", "text_nul"));
    assert_eq!(with("description", json!("a".repeat(2001))), refused("description", "too_long"));
    assert_eq!(with("exp_reward", json!(4)), refused("exp_reward", "out_of_range"));
    assert_eq!(with("exp_reward", json!(5001)), refused("exp_reward", "out_of_range"));
    assert_eq!(with("target_at", json!(i64::MAX)), refused("target_at", "out_of_range"));
    assert_eq!(with("priority", json!("urgent")), refused("priority", "type_wrong"));
    assert_eq!(with("status", json!("done")), refused("status", "type_wrong"));
    assert_eq!(with("tags", json!(["a".repeat(51)])), refused("tags", "too_long"));
    assert_eq!(with("milestones_done", json!(3)), refused("milestones_done", "field_unknown"));
}

#[test]
fn completed_is_no_status_to_write() {
    assert_eq!(with("status", json!("completed")), refused("status", "use_complete"));
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Win" })).unwrap();
    let edit = json!({ "set": { "status": "completed", "nonsense": 1 } });
    let refused = space.does(phone(), NOON, "goal.edit", id(1), edit).unwrap_err();
    assert_eq!((refused.code(), refused.errors()[0].pointer.as_str()), ("use_complete", "/set/status"));
}

#[test]
fn a_paused_goal_that_is_completed_is_paused_again_when_reopened() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Win", "status": "paused" })).unwrap();
    let seen = ["goal.complete", "goal.reopen"].map(|command| {
        space.does(phone(), NOON, command, id(1), json!(null)).unwrap();
        space.sees("goal", id(1), &["status"])["status"].clone()
    });
    assert_eq!(seen, ["completed", "paused"]);
}
