//! Tests of the translation of tasks.

use domain::entity::Kind;
use domain::id::EntityId;
use infrastructure::postgres::legacy::{LegacyNames, LegacyTargets};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{data, fields, names};

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(object) = value { object } else { Map::new() }
}

fn of(body: Value) -> Value {
    fields(&object(body), LegacyTargets::default()).into()
}

/// Whether v2 takes these fields of a new task, with those that it fills in.
fn is_taken(data: &Map<String, Value>) -> bool {
    let mut all = object(json!({ "exp_reward": 20, "energy_cost": 2, "rank": "z" }));
    all.extend(data.clone());
    Kind::Task.check_fields(&all, "/data").is_ok()
}

#[test]
fn every_field_has_its_name_in_v2() {
    let body = json!({
        "title": "Read", "description": "A chapter", "taskCategory": "goal", "taskType": "main", "difficulty": "hard",
        "expReward": 40, "requiredEnergyBalls": 3, "estimatedDuration": 45, "dueDate": "2026-10-24T16:00:00.000Z",
        "tags": ["b", "a", "a"], "goalTags": ["g"], "order": 3,
    });
    let expected = json!({
        "title": "Read", "description": "A chapter", "category": "goal", "kind": "main", "difficulty": "hard",
        "exp_reward": 40, "energy_cost": 3, "estimated_minutes": 45, "due_at": 1_792_857_600_000_i64,
        "tags": ["a", "b"], "goal_tags": ["g"], "rank": "a000003",
    });
    assert_eq!(of(body), expected);
}

#[test]
fn what_is_protected_derived_or_unknown_is_passed_over() {
    let body = json!({
        "id": 1, "userId": "x", "completed": true, "completedAt": "2026-10-24", "xp": 9, "level": 9, "accumulatedTime": 9,
        "pomodoroCycles": 9, "actualEnergyBalls": 9, "completionCount": 9, "createdAt": 1, "skills": [1], "banana": 1,
    });
    assert_eq!(of(body), json!({}));
}

#[test]
fn numbers_are_held_in_range_and_what_is_none_says_nothing() {
    let wild = json!({ "expReward": -5, "requiredEnergyBalls": 18, "estimatedDuration": 100_000, "order": -1 });
    assert_eq!(of(wild), json!({ "exp_reward": 5, "energy_cost": 5, "estimated_minutes": 480, "rank": "a000000" }));
    let odd = json!({ "expReward": "30", "requiredEnergyBalls": 2.4, "estimatedDuration": "long", "order": null });
    assert_eq!(of(odd), json!({ "exp_reward": 30, "energy_cost": 2 }));
}

#[test]
fn categories_go_through_the_normaliser_of_the_legacy_server() {
    for (named, expected) in [
        ("todo", "todo"),
        ("habit", "habit"),
        ("goal", "goal"),
        ("sideQuest", "todo"),
        ("once", "todo"),
        ("Daily", "habit"),
        ("recurring", "habit"),
        ("mainQuest", "goal"),
        ("project", "goal"),
        ("banana", "todo"),
        ("", "todo"),
    ] {
        assert_eq!(of(json!({ "taskCategory": named })), json!({ "category": expected }), "{named}");
    }
    let unknown = json!({ "taskType": "epic", "difficulty": "banana" });
    assert_eq!(of(unknown), json!({ "kind": "simple", "difficulty": "medium" }));
    assert_eq!(of(json!({ "taskCategory": 7, "taskType": null, "difficulty": [] })), json!({}));
}

#[test]
fn titles_are_cut_and_filled_up() {
    assert_eq!(of(json!({ "title": "x".repeat(5_000) }))["title"].as_str().map(str::len), Some(200));
    assert_eq!(of(json!({ "title": "跑" })), json!({ "title": "跑…" }));
    assert_eq!(of(json!({ "title": "  " })), json!({}), "an edit leaves the title");
    let titled = |sent: Value| data(&object(json!({ "title": sent })), LegacyTargets::default()).ok();
    assert_eq!(titled(json!("")).map(|data| data["title"].clone()), Some(json!("未命名")));
    assert_eq!(titled(json!(7)).map(|data| data["title"].clone()), Some(json!("7…")));
    assert_eq!([json!(null), json!([]), json!(true)].map(titled), [None, None, None]);
}

#[test]
fn dates_and_texts_are_cleared_by_null_and_never_refused() {
    for nothing in [json!(null), json!("")] {
        let nothing = json!({ "description": nothing, "dueDate": nothing, "tags": null });
        assert_eq!(of(nothing), json!({ "description": null, "due_at": null, "tags": [] }));
    }
    let rubbish = json!({ "description": {}, "dueDate": "soon", "tags": "a,b", "goalTags": [1, "", null, "x\0y"] });
    assert_eq!(of(rubbish), json!({ "goal_tags": ["1", "xy"] }));
    assert_eq!(of(json!({ "description": " " })), json!({ "description": null }));
    assert_eq!(of(json!({ "dueDate": i64::MAX })), json!({ "due_at": 253_370_764_799_999_i64 }));
    let many: Vec<String> = (0..50).map(|number| format!("{number}{}", "t".repeat(60))).collect();
    let held = of(json!({ "tags": many }));
    assert_eq!(held["tags"].as_array().map(Vec::len), Some(20));
}

#[test]
fn references_are_entities_or_nothing() {
    let body = object(json!({ "skillId": 3, "goalId": "4", "parentTaskId": null, "title": "Run" }));
    assert_eq!(names(&body), LegacyNames { skill: Some(3), goal: Some(4), task: None });
    let skill = EntityId(Uuid::from_u128(3));
    let found = fields(&body, LegacyTargets { skill: Some(skill), ..LegacyTargets::default() });
    let expected = [("skill_id", json!(skill)), ("goal_id", json!(null)), ("parent_id", json!(null))];
    assert_eq!(expected.clone().map(|(field, _)| (field, found[field].clone())), expected);
    assert_eq!(of(json!({ "skillId": "Chess", "goalId": {} })), json!({}), "what is no id says nothing");
}

#[test]
fn whatever_the_values_are_v2_takes_them() {
    let rubbish = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(""),
        json!("\0"),
        json!("x".repeat(5_000)),
        json!([]),
        json!([null, "", "\u{3000}", "x".repeat(99)]),
        json!({ "a": 1 }),
        json!("2026-02-30"),
        json!("9999-12-31T23:59:59Z"),
    ];
    let named = [
        "description",
        "taskCategory",
        "taskType",
        "difficulty",
        "expReward",
        "requiredEnergyBalls",
        "estimatedDuration",
        "dueDate",
        "skillId",
        "goalId",
        "parentTaskId",
        "tags",
        "goalTags",
        "order",
    ];
    for value in &rubbish {
        let mut body = object(json!({ "title": "Run" }));
        body.extend(named.map(|field| (field.to_owned(), value.clone())));
        let data = data(&body, LegacyTargets::default()).unwrap();
        assert!(is_taken(&data), "{value}: {data:?}");
        let only = object(json!({ "title": value }));
        let taken = super::data(&only, LegacyTargets::default()).ok().is_none_or(|data| is_taken(&data));
        assert!(taken, "{value} as a title");
    }
}
