//! Tests of the mapping: every damage, and what it becomes.

use domain::entity::Kind;
use domain::founding::core_skill_id;
use domain::rules::level::skill_reach;
use serde_json::{Value, json};

use super::map::{Imported, Mapped};
use super::{Fate, LegacyAccount, Row, days, map};

const NOW: i64 = 1_792_886_400_000;

fn row(value: Value) -> Row {
    if let Value::Object(row) = value { row } else { panic!("no object") }
}

fn account(tables: Value) -> LegacyAccount {
    let user = json!({
        "id": "user_1", "email": "ada@example.org", "created_at": "2026-01-01T00:00:00", "first_name": "Ada",
        "hashed_password": "$2b$10$JhbrK3vtO5g8O82OAcvFb.a4Slr0AZMX110Tbp.aaTnBPM94oZUDe",
    });
    let rows = |rows: &Value| rows.as_array().unwrap().iter().cloned().map(row).collect();
    let tables = tables.as_object().unwrap().iter().map(|(table, all)| (table.clone(), rows(all))).collect();
    LegacyAccount { user: row(user), tables, ..LegacyAccount::default() }
}

fn mapped(tables: Value) -> Mapped {
    map(&account(tables), "UTC", (NOW, 30))
}

fn of(mapped: &Mapped, kind: Kind) -> Vec<&Imported> {
    mapped.entities.iter().filter(|one| one.kind == kind).collect()
}

fn codes(mapped: &Mapped) -> Vec<(&'static str, &'static str)> {
    mapped.notes.0.iter().map(|note| (note.column.unwrap_or_default(), note.code)).collect()
}

#[test]
fn whatever_a_task_holds_it_becomes_one_that_the_rules_allow() {
    let mapped = mapped(json!({ "tasks": [
        { "id": 1, "title": "", "task_category": "daily", "difficulty": "banana", "exp_reward": -5, "required_energy_balls": 1 },
        { "id": 2, "title": "x".repeat(5_000), "description": "y".repeat(5_000), "required_energy_balls": 40, "exp_reward": 10,
          "estimated_duration": 0, "skill_id": 99, "goal_id": 99, "parent_task_id": 99, "completed": true },
        { "id": 3, "title": "z", "task_type": "?", "task_category": "", "tags": ["a", "a", " "], "created_at": "2026-02-01",
          "exp_reward": 10, "required_energy_balls": 2 },
    ] }));
    for task in of(&mapped, Kind::Task) {
        assert_eq!(Kind::Task.check_fields(&task.fields, ""), Ok(()), "{:?}", task.fields);
    }
    let tasks = of(&mapped, Kind::Task);
    assert_eq!((&tasks[0].fields["category"], &tasks[0].fields["difficulty"]), (&json!("habit"), &json!("medium")));
    assert_eq!((&tasks[1].fields["skill_id"], &tasks[1].fields["goal_id"]), (&Value::Null, &Value::Null));
    assert_eq!(tasks[1].kept.completed_at, Some(tasks[1].created_at));
    assert_eq!(tasks[2].fields["title"], "z…");
    let codes = codes(&mapped);
    for expected in [
        ("title", "blank"),
        ("exp_reward", "out_of_range"),
        ("difficulty", "unknown_value"),
        ("title", "cut"),
        ("description", "cut"),
        ("skill_id", "reference_dropped"),
        ("goal_id", "reference_dropped"),
        ("parent_task_id", "reference_dropped"),
        ("completed_at", "moment_missing"),
        ("title", "too_short"),
        ("tags", "tags"),
    ] {
        assert!(codes.contains(&expected), "{expected:?} in {codes:?}");
    }
}

#[test]
fn core_skills_that_are_there_twice_become_one_and_what_refers_to_either_refers_to_it() {
    let mapped = mapped(json!({
        "skills": [
            { "id": 13, "name": "意志执行力", "level": 2, "exp": 74, "max_exp": 100 },
            { "id": 18, "name": "意志执行力", "level": 4, "exp": 20, "max_exp": 100 },
        ],
        "tasks": [{ "id": 1, "title": "Run", "skill_id": 13 }, { "id": 2, "title": "Row", "skill_id": 18 }],
    }));
    let core = core_skill_id(mapped.space, 6);
    for task in of(&mapped, Kind::Task) {
        assert_eq!(task.fields["skill_id"], json!(core));
    }
    let skill = mapped.cores.iter().find(|one| one.id == core).unwrap();
    assert_eq!((skill.import.legacy_id, skill.import.xp), (Some(18), skill_reach(4).0 + 20));
    assert_eq!(mapped.cores.len(), 6, "those that it lacks get numbers that are free");
    let merged = mapped.notes.0.iter().find(|note| note.fate == Fate::Merged).unwrap();
    assert_eq!((merged.table, merged.row.as_str()), ("skills", "13"));
}

#[test]
fn xp_is_what_level_and_remainder_make_and_never_less_than_none() {
    let xp = |stats: Value| mapped(json!({ "user_stats": [stats] })).totals.xp;
    assert_eq!(xp(json!({ "level": 8, "experience": 3, "experience_to_next": 400 })), 25 * 7 * 22 + 3);
    assert_eq!(xp(json!({ "level": 3, "experience": -40, "experience_to_next": 400 })), 350);
    assert_eq!(xp(json!({ "level": 0, "experience": 5, "experience_to_next": 100 })), 5);
    assert_eq!(xp(json!({ "level": 2, "experience": 300, "experience_to_next": 400 })), 100 + 249);
    assert_eq!(xp(json!({ "level": 2, "experience": 300, "experience_to_next": 250 })), 100 + 300);
}

#[test]
fn a_habits_days_come_from_the_log_each_once() {
    let line = |id: i64, at: &str, task: i64| {
        json!({ "id": id, "created_at": at, "task_id": task, "exp_gained": 10, "action": "task_completed",
                "details": { "description": "Run", "duration": 15, "energyBalls": 1 } })
    };
    let tables = json!({
        "tasks": [{ "id": 1, "title": "Run", "task_category": "habit", "last_completed_at": "2026-01-09T08:00:00",
                    "completion_count": 9 }],
        "activity_logs": [line(1, "2026-01-05T23:30:00", 1), line(2, "2026-01-05T23:40:00", 1), line(3, "2026-01-07T01:00:00", 1),
                          line(4, "2026-01-07T02:00:00", 77)],
    });
    let days = |zone: &str| {
        let mapped = map(&account(tables.clone()), zone, (NOW, 30));
        let lines: Vec<_> = mapped.lines.iter().collect();
        let habit = days::of_habit(&mapped.habits[0], &lines);
        let days: Vec<String> = habit.keys().map(ToString::to_string).collect();
        let xp = habit.values().next().unwrap().xp;
        (days, xp, days::of_log(&lines).len(), mapped.lines.len(), mapped.totals.tasks_completed)
    };
    let utc = ["2026-01-05", "2026-01-07", "2026-01-09"].map(str::to_owned).to_vec();
    assert_eq!(days("UTC"), (utc, 20, 2, 4, 4));
    let shanghai = ["2026-01-06", "2026-01-07", "2026-01-09"].map(str::to_owned).to_vec();
    assert_eq!(days("Asia/Shanghai").0, shanghai);
    assert!(codes(&map(&account(tables), "UTC", (NOW, 30))).contains(&("completion_count", "history_lost")));
}

#[test]
fn goals_whose_number_a_task_has_get_another_above_all() {
    let mapped = mapped(json!({
        "tasks": [{ "id": 7, "title": "Run", "goal_id": 7 }],
        "goals": [{ "id": 7, "title": "Fit", "parent_goal_id": 8 }, { "id": 8, "title": "Well", "parent_goal_id": 7 }],
        "milestones": [{ "id": 9, "goal_id": 7, "title": "One" }, { "id": 10, "goal_id": 70, "title": "Two" }],
    }));
    let goals = of(&mapped, Kind::Goal);
    let shifted = goals.iter().find(|goal| goal.fields["title"] == "Fit").unwrap();
    assert_eq!((shifted.number, &shifted.kept.extras["id"]), (Some(11), &json!(7)));
    assert_eq!(of(&mapped, Kind::Task)[0].fields["goal_id"], json!(shifted.id));
    assert_eq!(of(&mapped, Kind::Milestone).len(), 1);
    let codes = codes(&mapped);
    assert!(codes.contains(&("parent_goal_id", "cycle_cut")) && codes.contains(&("", "goal_missing")), "{codes:?}");
}

#[test]
fn the_same_rows_map_to_the_same_again() {
    let tables =
        json!({ "tasks": [{ "id": 1, "title": "Run", "odd_column": 4 }], "micro_tasks": [{ "id": 1, "task_id": 1 }] });
    let (one, again) = (mapped(tables.clone()), mapped(tables));
    assert_eq!(format!("{:?}", one.entities), format!("{:?}", again.entities));
    let extras = &one.entities[0].kept.extras;
    assert_eq!((&extras["odd_column"], extras["micro_tasks"].as_array().unwrap().len()), (&json!(4), 1));
}

#[test]
fn columns_of_other_deployments_say_the_same() {
    let mapped = mapped(json!({
        "user_profiles": [{ "id": 1, "name": "Ada", "age": 41 }],
        "goals": [{ "id": 3, "title": "Fit", "priority": 3 }, { "id": "8c1e", "title": "Lost" }],
        "tasks": [
            { "id": "1", "title": "Run", "is_daily_task": "t", "tags": "{a,b}", "last_completed_date": "2026-01-05" },
            { "id": "0b0e4f0a-1111-4222-8333-444455556666", "title": "Row" },
        ],
        "skills": [{ "id": "x", "name": "Reading" }],
        "activity_logs": [{ "id": 4, "created_at": "2026-01-06T10:00:00", "task_id": "1", "action": "pomodoro_complete",
                            "details": "{\"duration\": 25, \"cycles\": 2}" }],
    }));
    assert_eq!(mapped.settings["age"], "41");
    assert_eq!(of(&mapped, Kind::Goal)[0].fields["priority"], "high");
    let task = of(&mapped, Kind::Task)[0];
    assert_eq!((&task.fields["category"], &task.fields["tags"]), (&json!("habit"), &json!(["a", "b"])));
    assert_eq!(mapped.habits[0].own[0].0.to_string(), "2026-01-05");
    assert_eq!((mapped.lines[0].past.minutes, mapped.lines[0].past.cycles), (25, 2));
    let skipped = mapped.notes.0.iter().filter(|note| (note.fate, note.code) == (Fate::Skipped, "number_missing"));
    assert_eq!(skipped.map(|note| note.table).collect::<Vec<_>>(), ["skills", "goals", "tasks"]);
}

#[test]
fn what_is_beyond_the_bound_of_extras_goes_alone_and_is_told() {
    let report = |id: i64| json!({ "id": id, "date": "2026-01-05", "note": "x".repeat(100_000) });
    let mapped = mapped(json!({
        "user_stats": [{ "id": 1, "level": 2, "experience": 3 }],
        "daily_battle_reports": [report(1), report(2), report(3)],
    }));
    let extras = &mapped.totals.extras;
    let kept: Vec<&Value> =
        extras["daily_battle_reports"].as_array().unwrap().iter().map(|report| &report["id"]).collect();
    assert_eq!((kept, &extras["user_stats"]["id"]), (vec![&json!(2), &json!(3)], &json!(1)));
    let note = mapped.notes.0.iter().find(|note| note.code == "extras_too_large").unwrap();
    assert!(note.message.starts_with("of daily_battle_reports, 1 of 3"), "{}", note.message);
}

#[test]
fn what_is_held_or_later_than_now_is_told() {
    let mapped = mapped(json!({
        "user_stats": [{ "id": 1, "level": 2, "experience": 300, "experience_to_next": 400, "energy_balls": 10,
                         "last_energy_reset": "2026-01-05T00:00:00" }],
        "skills": [{ "id": 9, "name": "Reading", "level": 1, "exp": 900, "max_exp": 1000 }],
        "tasks": [{ "id": 1, "title": "Run", "created_at": "2999-01-01T00:00:00" }],
    }));
    let codes = codes(&mapped);
    for expected in [("experience", "held_below_level"), ("exp", "held_below_level"), ("created_at", "in_the_future")] {
        assert!(codes.contains(&expected), "{expected:?} in {codes:?}");
    }
    assert_eq!(of(&mapped, Kind::Task)[0].created_at, NOW);
}

#[test]
fn a_reset_at_midnight_names_a_day_in_every_zone() {
    let tables = json!({ "user_stats": [{ "id": 1, "energy_balls": 10, "last_energy_reset": "2026-01-05T00:00:00" }] });
    for zone in ["America/New_York", "UTC", "Asia/Shanghai"] {
        let (day, spent) = map(&account(tables.clone()), zone, (NOW, 30)).totals.energy.unwrap();
        assert_eq!((day.to_string().as_str(), spent), ("2026-01-05", 8), "{zone}");
    }
}

#[test]
fn an_account_without_a_beginning_begins_with_the_first_that_is_known_of_it() {
    let mut account = account(json!({ "tasks": [{ "id": 1, "title": "Run", "created_at": "2026-01-05T00:00:00" }] }));
    account.user.remove("created_at");
    assert_eq!(map(&account, "UTC", (NOW, 30)).person.created_at, 1_767_571_200_000);
}

#[test]
fn nobody_is_erased_before_the_days_of_grace_are_over() {
    let mut account = account(json!({}));
    account.user.insert("deletion_requested_at".to_owned(), json!("2026-10-20T00:00:00"));
    account.user.insert("deletion_scheduled_for".to_owned(), json!("2026-10-26T00:00:00"));
    for grace in [0, 30, 90] {
        let (_, due) = map(&account, "UTC", (NOW, grace)).person.deletion.unwrap();
        assert!(due >= NOW + grace * 86_400_000, "{grace}");
    }
}

#[test]
fn an_account_that_registered_here_is_itself_again() {
    let id = "01976f0e-0000-7000-8000-0000000000aa";
    assert_eq!(super::account_id(id).0.to_string(), id);
    assert_ne!(super::account_id("user_1").0.to_string(), "user_1");
}
