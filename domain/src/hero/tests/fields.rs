use serde_json::{Value, json};

use crate::testing::{NOON, SPACE, Space, id, phone};

#[test]
fn a_founded_hero_has_the_defaults() {
    let space = Space::founded("Asia/Shanghai");
    let defaults = json!({
        "id": SPACE, "name": "", "age": "", "occupation": "", "mission": "", "onboarded": false,
        "tutorial_done": false, "time_zone": "Asia/Shanghai", "energy_max": 18, "ball_minutes": 15, "peak_start": 9,
        "peak_end": 12, "xp": 0, "level": 1, "xp_in_level": 0, "xp_to_next": 100, "streak": 0, "last_active_on": null,
        "tasks_completed": 0, "energy_day": null, "energy_spent": 0, "legacy_id": null, "version": 1,
    });
    let names: Vec<&str> = defaults.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(space.sees("hero", SPACE.into(), &names), defaults);
}

#[test]
fn every_field_has_its_range() {
    let mut space = Space::founded("UTC");
    let mut code = |field: &str, value: Value| {
        let told = space.does(phone(), NOON, "hero.edit", id(0), json!({ "set": { field: value } }));
        told.map_or_else(|refused| refused.code().to_owned(), |_| "ok".to_owned())
    };
    for (field, max) in [("name", 200), ("age", 20), ("occupation", 100), ("mission", 500)] {
        assert_eq!(code(field, json!("")), "ok");
        assert_eq!(code(field, json!("歳".repeat(max))), "ok", "{field}");
        assert_eq!(code(field, json!("歳".repeat(max + 1))), "too_long", "{field}");
        assert_eq!(code(field, json!("a\0")), "text_nul", "{field}");
        assert_eq!(code(field, json!(" \t")), "text_blank", "{field}");
        assert_eq!(code(field, json!(null)), "type_wrong", "{field}");
    }
    for (field, min, max) in
        [("energy_max", 1, 48), ("ball_minutes", 5, 60), ("peak_start", 0, 23), ("peak_end", 0, 23)]
    {
        for (value, expected) in [(min, "ok"), (max, "ok"), (min - 1, "out_of_range"), (max + 1, "out_of_range")] {
            assert_eq!(code(field, json!(value)), expected, "{field} {value}");
        }
    }
    assert_eq!(code("time_zone", json!("America/Argentina/Buenos_Aires")), "ok");
    for zone in ["Mars/Olympus", "", "utc", "+02:00", "Europe/Berlin "] {
        assert_eq!(code("time_zone", json!(zone)), "time_zone_unknown", "{zone}");
    }
    assert_eq!(code("onboarded", json!(true)), "ok");
    assert_eq!(code("onboarded", json!("yes")), "type_wrong");
    assert_eq!(code("xp", json!(1_000_000)), "field_unknown");
}

#[test]
fn a_new_time_zone_counts_from_the_next_command_on() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "task.create", id(1), json!({ "title": "Read", "category": "habit" })).unwrap();
    space.does(phone(), NOON, "task.complete", id(1), json!(null)).unwrap();
    space.does(phone(), NOON, "hero.edit", id(0), json!({ "set": { "time_zone": "Pacific/Kiritimati" } })).unwrap();
    space.does(phone(), NOON, "task.complete", id(1), json!(null)).unwrap();
    let days = ["2026-07-01", "2026-07-02"].map(|day| space.day("task", id(1), day));
    assert_eq!(days, [[1, 0, 2, 20], [1, 0, 2, 20]]);
}
