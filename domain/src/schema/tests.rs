use std::collections::BTreeSet;

use serde_json::json;

use super::codes::{FIELDS, REJECTIONS};
use super::commands::{ACTIONS, commands};
use super::*;

/// The quoted names in a source that stand between `before` and `after`.
fn quoted<'a>(source: &'a str, before: &str, after: &str) -> BTreeSet<&'a str> {
    let parts = source.split(before).skip(1);
    parts
        .filter_map(|part| part.split_once('"'))
        .filter(|(_, rest)| rest.starts_with(after))
        .map(|(name, _)| name)
        .collect()
}

fn set<'a>(names: &[&'a str]) -> BTreeSet<&'a str> {
    names.iter().copied().collect()
}

#[test]
fn the_ranges_and_defaults_of_a_task_are_those_of_its_validators() {
    let task = fields(Kind::Task);
    assert_eq!(
        task["exp_reward"],
        json!({ "type": "integer", "minimum": 5, "maximum": 100, "x-merge": "last",
            "x-default-by": { "field": "difficulty", "values": { "trivial": 5, "easy": 10, "medium": 20, "hard": 35 } } })
    );
    assert_eq!(
        task["category"],
        json!({ "type": "string", "enum": ["todo", "goal", "habit"], "default": "todo", "x-merge": "last" })
    );
    assert_eq!(
        task["skill_id"],
        json!({ "type": ["string", "null"], "format": "uuid", "default": null, "x-merge": "last", "x-reference": "skill" })
    );
    assert_eq!(
        (&task["title"]["minLength"], &task["title"]["maxLength"], &task["title"]["x-merge"]),
        (&json!(2), &json!(200), &json!("ask"))
    );
    assert_eq!((&task["tags"]["maxItems"], &task["tags"]["items"]["maxLength"]), (&json!(20), &json!(50)));
    assert_eq!(task["rank"]["x-default-by"], json!({ "field": "at" }));
    assert_eq!(task["description"]["type"], json!(["string", "null"]));
}

#[test]
fn every_writable_field_has_a_type_and_a_policy() {
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Conflict) {
        let fields = fields(*kind);
        assert!(!fields.is_empty(), "{kind:?}");
        for (name, field) in fields {
            assert!(field["type"].is_string() || field["type"].is_array(), "{kind:?} {name}: {field}");
            assert!(field["x-merge"].is_string(), "{kind:?} {name}: {field}");
        }
    }
}

#[test]
fn a_command_says_what_it_takes_and_what_it_needs() {
    let commands = commands();
    assert_eq!(commands["task.create"]["required"], json!(["command_id", "type", "at", "id", "data"]));
    assert_eq!(commands["task.create"]["properties"]["data"]["required"], json!(["title"]));
    assert_eq!(commands["task.edit"]["required"], json!(["command_id", "type", "at", "id"]));
    let one = json!([{ "required": ["set"] }, { "required": ["add"] }, { "required": ["remove"] }]);
    assert_eq!(commands["task.edit"]["anyOf"], one);
    assert_eq!(commands["hero.restore_energy"]["required"], json!(["command_id", "type", "at"]));
    assert_eq!(commands["hero.restore_energy"].get("anyOf"), None);
    assert_eq!(commands["goal.focus"]["properties"]["data"]["required"], json!(["cycles", "minutes"]));
    assert_eq!(commands["milestone.edit"]["properties"]["set"]["properties"].get("goal_id"), None);
    assert_eq!(commands.get("hero.create"), None);
    let data = &commands["conflict.resolve"]["properties"]["data"]["oneOf"];
    assert_eq!(data[0]["properties"]["choice"]["enum"], json!(["current", "other"]));
    assert_eq!((&data[0]["required"], &data[1]["required"]), (&json!(["choice"]), &json!(["choice", "value"])));
    assert_eq!(data[1]["properties"]["choice"]["enum"], json!(["value"]));
}

#[test]
fn every_action_that_is_read_is_in_the_schema() {
    let source = include_str!("../transaction/command.rs");
    let read = source.split("fn command_type").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap_or_default();
    let words = quoted(read, ", \"", ")");
    assert_eq!(set(&ACTIONS), words);
}

#[test]
fn every_code_is_listed() {
    let source = include_str!("../rejection.rs");
    let made = source.split("fn code").nth(1).and_then(|rest| rest.split("pub fn").next()).unwrap_or_default();
    assert_eq!(set(REJECTIONS), quoted(made, "=> \"", ","));
    let listed = set(FIELDS);
    for source in [include_str!("../entity/text.rs"), include_str!("../entity/fields.rs")] {
        for code in quoted(source, "error(\"", ",") {
            assert!(listed.contains(code), "{code}");
        }
    }
}

#[test]
fn every_limit_of_the_domain_is_published() {
    let source = include_str!("../limits.rs");
    let names: BTreeSet<String> =
        source.split("pub const ").skip(1).filter_map(|rest| rest.split(':').next()).map(str::to_lowercase).collect();
    assert_eq!(limits::limits().keys().cloned().collect::<BTreeSet<_>>(), names);
}
