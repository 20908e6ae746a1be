//! Tests of the shapes: what the legacy contract says of every field, from rows as the tables have them.

use domain::id::EntityId;
use infrastructure::postgres::legacy::{LegacyActivity, LegacyDay, LegacyPart, LegacyRow};
use jiff::civil::date;
use serde_json::{Map, Value, json};

use super::{Viewer, activity, available, goal, milestone, profile, report, skill, stats, summary, task};

/// 2026-10-24 16:00 UTC.
const AT: i64 = 1_792_857_600_000;
const SHOWN: &str = "2026-10-24T16:00:00.000Z";

fn viewer() -> Viewer {
    Viewer { user_id: "user_7".to_owned(), today: date(2026, 10, 25), time_zone: "Asia/Shanghai".to_owned() }
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else { panic!("{value} is no object") };
    object
}

fn row(entity: Value, linked: Value) -> LegacyRow {
    LegacyRow { id: EntityId::default(), entity: object(entity), linked: object(linked) }
}

/// A row of a task with these fields instead of the usual ones.
fn a_task(fields: Value) -> LegacyRow {
    let mut entity = object(json!({
        "legacy_id": 9, "title": "Read", "description": null, "category": "todo", "kind": "simple", "difficulty": "hard",
        "exp_reward": 35, "energy_cost": 4, "estimated_minutes": 25, "due_at": null, "tags": [], "goal_tags": [],
        "rank": "z0", "completed_at": null, "completion_count": 0, "streak": 0, "last_completed_on": null,
        "last_completed_at": null, "focus_minutes": 0, "focus_cycles": 0, "focus_energy": 0, "created_at": AT,
        "updated_at": AT,
    }));
    entity.extend(object(fields));
    row(Value::Object(entity), json!({ "skill": 3, "goal": null, "parent": null }))
}

/// A task as v1 shows it, with these members instead of the usual ones.
fn shown_task(members: Value) -> Value {
    let mut shown = object(json!({
        "id": 9, "userId": "user_7", "title": "Read", "description": null, "completed": false, "skillId": 3,
        "goalId": null, "goalTags": null, "expReward": 35, "estimatedDuration": 25, "actualDuration": null,
        "accumulatedTime": 0, "pomodoroSessionId": null, "startedAt": null, "actualEnergyBalls": null,
        "pomodoroCycles": 0, "battleStartTime": null, "battleEndTime": null, "createdAt": SHOWN, "updatedAt": SHOWN,
        "completedAt": null, "taskCategory": "todo", "taskType": "simple", "parentTaskId": null, "order": 0,
        "tags": [], "lastCompletedAt": null, "completionCount": 0, "difficulty": "hard", "requiredEnergyBalls": 4,
        "skills": [], "microTasks": [], "dueDate": null, "priority": 1,
    }));
    shown.extend(object(members));
    Value::Object(shown)
}

#[test]
fn a_task_has_every_field_of_every_client() {
    assert_eq!(task(&a_task(json!({})), &viewer()), shown_task(json!({})));
    let done = json!({
        "completed_at": AT, "due_at": AT, "tags": ["a"], "goal_tags": ["b"], "rank": domain::entity::text::numbered_rank(7),
        "focus_minutes": 50, "focus_cycles": 2, "focus_energy": 4,
    });
    let shown = json!({
        "completed": true, "completedAt": SHOWN, "dueDate": SHOWN, "tags": ["a"], "goalTags": ["b"], "order": 7,
        "accumulatedTime": 50, "actualDuration": 50, "pomodoroCycles": 2, "actualEnergyBalls": 4,
    });
    assert_eq!(task(&a_task(done), &viewer()), shown_task(shown));
}

#[test]
fn a_habit_is_completed_on_the_day_on_which_it_is_done() {
    let done = |on: &str| json!({ "category": "habit", "completion_count": 4, "last_completed_on": on, "last_completed_at": AT });
    let today = task(&a_task(done("2026-10-25")), &viewer());
    let shown = json!({
        "taskCategory": "habit", "completed": true, "completedAt": SHOWN, "lastCompletedAt": SHOWN, "completionCount": 4
    });
    assert_eq!(today, shown_task(shown));
    let yesterday = task(&a_task(done("2026-10-24")), &viewer());
    let shown = json!({ "taskCategory": "habit", "lastCompletedAt": SHOWN, "completionCount": 4 });
    assert_eq!(yesterday, shown_task(shown));
}

#[test]
fn a_goal_has_its_milestones_in_their_order_with_both_spellings() {
    let of = |id: i64, completed_at: Value| json!({ "legacy_id": id, "title": "Camp", "description": null, "completed_at": completed_at, "created_at": AT });
    let entity = json!({
        "legacy_id": 8, "title": "Summit", "description": "Up", "status": "active", "priority": "high", "target_at": AT,
        "exp_reward": 200, "completed_at": null, "milestones_done": 1, "milestones_total": 2, "created_at": AT,
        "updated_at": AT,
    });
    let linked = json!({ "skill": 1, "parent": 5, "milestones": [of(10, json!(AT)), of(11, json!(null))] });
    let camp = |id: i64, order: i64, completed_at: Value| {
        json!({
            "id": id, "userId": "user_7", "user_id": "user_7", "goalId": 8, "goal_id": 8, "title": "Camp",
            "description": null, "completed": completed_at != json!(null), "completedAt": completed_at,
            "progress": i32::from(completed_at != json!(null)), "order": order, "createdAt": SHOWN,
        })
    };
    let expected = json!({
        "id": 8, "userId": "user_7", "title": "Summit", "description": "Up", "completed": false, "completedAt": null,
        "progress": 0.5, "status": "active", "priority": "high", "targetDate": SHOWN, "parentGoalId": 5, "skillId": 1,
        "expReward": 200, "createdAt": SHOWN, "updatedAt": SHOWN,
        "milestones": [camp(10, 0, json!(SHOWN)), camp(11, 1, json!(null))],
    });
    assert_eq!(goal(&row(entity, linked), &viewer()), expected);
    let alone = row(of(11, json!(null)), json!({ "goal": 8, "order": 1 }));
    assert_eq!(milestone(&alone, &viewer()), camp(11, 1, json!(null)));
}

#[test]
fn a_skill_shows_what_it_has_gathered_inside_its_level() {
    let entity = json!({
        "legacy_id": 7, "name": "Chess", "level": 2, "xp": 120, "xp_in_level": 20, "xp_to_next": 150, "color": "#6366F1",
        "icon": "fas fa-star", "kind": "basic", "category": "general", "talent_points": 0, "prestige": 0,
        "unlocked": true,
    });
    let expected = json!({
        "id": 7, "userId": "user_7", "name": "Chess", "level": 2, "exp": 20, "maxExp": 150, "color": "#6366F1",
        "icon": "fas fa-star", "skillType": "basic", "category": "general", "talentPoints": 0, "prestige": 0,
        "unlocked": true, "prerequisites": null,
    });
    assert_eq!(skill(&row(entity, json!({ "prerequisites": null })), &viewer()), expected);
}

#[test]
fn what_a_high_level_takes_is_no_more_than_old_clients_hold() {
    let of = |level: i64| {
        let (_, takes) = domain::rules::level::skill_reach(level);
        let entity = json!({ "level": level, "xp_in_level": takes - 1, "xp_to_next": takes });
        let shown = skill(&row(entity, json!({})), &viewer());
        (shown["exp"].as_i64().unwrap(), shown["maxExp"].as_i64().unwrap())
    };
    assert_eq!(of(42), (1_651_629_033, 1_651_629_034));
    assert_eq!(of(43), (i64::from(i32::MAX), i64::from(i32::MAX)));
}

fn a_hero(fields: Value) -> LegacyRow {
    let mut entity = object(json!({
        "name": "Mu", "age": "30", "occupation": "", "mission": "", "onboarded": true, "tutorial_done": false,
        "level": 2, "xp": 140, "xp_in_level": 40, "xp_to_next": 250, "energy_max": 18, "ball_minutes": 15,
        "peak_start": 9, "peak_end": 12, "streak": 3, "last_active_on": "2026-10-24", "tasks_completed": 5,
        "energy_day": "2026-10-25", "energy_spent": 8, "created_at": AT, "updated_at": AT,
    }));
    entity.extend(object(fields));
    row(Value::Object(entity), json!({}))
}

#[test]
fn stats_are_those_of_the_heros_day() {
    let expected = json!({
        "id": 1, "userId": "user_7", "level": 2, "experience": 40, "experienceToNext": 250, "energyBalls": 10,
        "maxEnergyBalls": 18, "energyBallDuration": 15, "energyPeakStart": 9, "energyPeakEnd": 12, "streak": 3,
        "totalTasksCompleted": 5, "lastEnergyReset": "2026-10-24T16:00:00.000Z", "createdAt": SHOWN, "updatedAt": SHOWN,
    });
    assert_eq!(stats(&a_hero(json!({})), &viewer()), expected);
    let rested = stats(&a_hero(json!({ "energy_day": "2026-10-24", "last_active_on": "2026-10-23" })), &viewer());
    assert_eq!((&rested["energyBalls"], &rested["streak"]), (&json!(18), &json!(0)));
}

#[test]
fn there_is_a_profile_once_the_hero_has_a_name() {
    let expected = json!({
        "id": 1, "userId": "user_7", "name": "Mu", "age": "30", "occupation": null, "mission": null,
        "hasCompletedOnboarding": true, "hasCompletedTutorial": false, "createdAt": SHOWN, "updatedAt": SHOWN,
    });
    assert_eq!(profile(&a_hero(json!({})), &viewer()), expected);
    assert_eq!(profile(&a_hero(json!({ "name": "" })), &viewer()), json!(null));
}

#[test]
fn the_timer_lists_what_is_open_and_habits_that_are_not_done_today() {
    let expected = |kind: &str, category: Value, balls: i64, difficulty: &str| {
        json!({
            "id": 9, "title": "Read", "type": kind, "energyBalls": balls, "skillId": 3, "category": category,
            "description": "", "difficulty": difficulty,
        })
    };
    let described = a_task(json!({ "description": "At length" }));
    assert_eq!(available(&described, &viewer()), Some(expected("task", json!("todo"), 4, "hard")));
    let habit = |on: &str| available(&a_task(json!({ "category": "habit", "last_completed_on": on })), &viewer());
    assert_eq!(habit("2026-10-24"), Some(expected("habit", json!("habit"), 4, "hard")));
    assert_eq!(habit("2026-10-25"), None);
    let goal = row(json!({ "legacy_id": 9, "title": "Read", "completed_at": null }), json!({ "skill": 3 }));
    assert_eq!(available(&goal, &viewer()), Some(expected("goal", json!(null), 3, "medium")));
}

fn done(action: &str, entity: &str) -> LegacyActivity {
    LegacyActivity {
        position: 12,
        at: AT,
        action: action.to_owned(),
        entity: entity.to_owned(),
        title: "Read".to_owned(),
        xp: 20,
        balls: 2,
        minutes: 30,
        cycles: 1,
        level: Some(4),
        details: json!({}),
        task: Some(9),
        estimated_minutes: Some(25),
        skill: Some(3),
    }
}

#[test]
fn what_was_done_has_the_names_of_the_legacy_log() {
    let completed = json!({
        "id": 12, "userId": "user_7", "createdAt": SHOWN, "taskId": 9, "skillId": 3, "expGained": 20,
        "action": "task_completed", "details": { "description": "Read", "duration": 25, "energyBalls": 2 },
    });
    assert_eq!(activity(&done("completed", "task"), &viewer()), completed);
    let focus = json!({ "description": "Read", "duration": 30, "energyBalls": 2, "cycles": 1 });
    let level = json!({ "description": "Read", "level": 4 });
    let plain = json!({ "description": "Read" });
    for (action, entity, name, details) in [
        ("focused", "task", "pomodoro_complete", &focus),
        ("unfocused", "task", "pomodoro_taken_back", &focus),
        ("focused", "goal", "goal_pomodoro_complete", &focus),
        ("uncompleted", "task", "task_uncompleted", &completed["details"]),
        ("completed", "goal", "goal_completed", &plain),
        ("reopened", "goal", "goal_reopened", &plain),
        ("completed", "milestone", "milestone_completed", &plain),
        ("reopened", "milestone", "milestone_reopened", &plain),
        ("level_up", "hero", "level_up", &level),
        ("level_down", "hero", "level_down", &level),
        ("level_up", "skill", "skill_levelup", &level),
        ("level_down", "skill", "skill_leveldown", &level),
    ] {
        let shown = activity(&done(action, entity), &viewer());
        assert_eq!((shown["action"].as_str(), &shown["details"]), (Some(name), details), "{action} of a {entity}");
    }
}

#[test]
fn what_another_system_said_is_repeated() {
    let details = json!({ "description": "Ten pages", "duration": 15 });
    let mut row = done("imported", "hero");
    row.details = json!({ "legacy": { "action": "task_completed_with_pomodoro", "details": details } });
    let shown = activity(&row, &viewer());
    assert_eq!((&shown["action"], &shown["details"]), (&json!("task_completed_with_pomodoro"), &details));
}

fn a_day(day: i8, minutes: i64, balls: i64) -> LegacyDay {
    let part = LegacyPart { legacy_id: 9, title: "Read".to_owned(), minutes, balls, cycles: 1 };
    let nothing = LegacyPart { legacy_id: 10, title: "Undone".to_owned(), ..LegacyPart::default() };
    LegacyDay {
        day: date(2026, 10, day),
        completions: 1,
        minutes,
        balls,
        cycles: 1,
        last_position: Some(30),
        began_at: Some(AT),
        ended_at: Some(AT),
        parts: vec![part, nothing],
    }
}

#[test]
fn a_report_says_what_a_day_brought_and_zeros_of_a_day_without() {
    let day = a_day(24, 50, 4);
    let expected = json!({
        "id": 30, "userId": "user_7", "date": "2026-10-24T00:00:00.000Z", "totalBattleTime": 50, "energyBallsConsumed": 4,
        "tasksCompleted": 1, "pomodoroCycles": 1,
        "taskDetails": [{ "taskId": 9, "taskTitle": "Read", "battleTime": 50, "energyBalls": 4, "cycles": 1 }],
        "createdAt": SHOWN, "updatedAt": SHOWN,
    });
    assert_eq!(report(day.day, Some(&day), &viewer()), expected);
    let zeros = json!({
        "date": "2026-10-24T00:00:00.000Z", "totalBattleTime": 0, "energyBallsConsumed": 0, "tasksCompleted": 0,
        "pomodoroCycles": 0, "taskDetails": [],
    });
    assert_eq!(report(day.day, None, &viewer()), zeros);
    let undone = LegacyDay { completions: 0, minutes: 0, balls: 0, cycles: 0, parts: Vec::new(), ..day };
    assert_eq!(report(undone.day, Some(&undone), &viewer()), zeros);
    // Brought from elsewhere: nothing in the log says when.
    let brought = LegacyDay { last_position: None, began_at: None, ended_at: None, ..a_day(24, 50, 4) };
    let shown = report(brought.day, Some(&brought), &viewer());
    assert_eq!((&shown["id"], &shown["createdAt"]), (&json!(20_750), &shown["date"]));
}

#[test]
fn a_summary_adds_up_the_days_on_which_something_was_done() {
    let undone = LegacyDay { completions: 0, cycles: 0, ..a_day(23, 0, 0) };
    let shown = summary(&[a_day(24, 50, 4), undone, a_day(22, 25, 3)], &viewer());
    let mut sums = object(shown);
    let reports = sums.remove("dailyReports").unwrap();
    assert_eq!(reports.as_array().map(Vec::len), Some(2));
    assert_eq!(
        Value::Object(sums),
        json!({
            "totalDays": 2, "totalBattleTime": 75, "totalEnergyBalls": 7, "totalTasksCompleted": 2,
            "totalPomodoroCycles": 2, "averageBattleTime": 38, "averageEnergyBalls": 4,
        })
    );
    assert_eq!(summary(&[], &viewer())["averageBattleTime"], json!(0));
}
