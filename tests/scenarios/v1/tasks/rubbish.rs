//! Whatever is sent: answered, never with an internal error, and what was taken is a task that v2 takes too.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{good, new_habit, new_task};
use crate::stage::Stage;

const FIELDS: [&str; 30] = [
    "title",
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
    "completed",
    "completedAt",
    "id",
    "userId",
    "startedAt",
    "sessionDuration",
    "workDuration",
    "cycles",
    "cyclesCompleted",
    "actualEnergyBalls",
    "duration",
    "priority",
    "__proto__",
    "",
    "\u{0}",
];
const ROUNDS: usize = 150;

fn value(rng: &mut StdRng, depth: usize) -> Value {
    let texts =
        ["", " ", "x", "\u{0}", "每天", "true", "7", "-1", "2026-10-24", "2026-02-30", "9999-12-31T23:59:59Z", "😀"];
    let numbers = [json!(0), json!(-1), json!(1), json!(7), json!(1.5), json!(1e300), json!(-1e300), json!(u64::MAX)];
    match rng.random_range(0..10) {
        0 => Value::Null,
        1 => json!(rng.random_bool(0.5)),
        2 => numbers.choose(rng).unwrap().clone(),
        3 => json!(rng.random::<i64>()),
        4 => json!(rng.random_range(0..40)),
        5 => json!("长".repeat(rng.random_range(0..3_000))),
        6 if depth > 0 => (0..rng.random_range(0..30)).map(|_| value(rng, depth - 1)).collect(),
        7 if depth > 0 => body(rng, depth - 1).into(),
        _ => json!(texts.choose(rng).unwrap()),
    }
}

fn body(rng: &mut StdRng, depth: usize) -> Map<String, Value> {
    let names = (0..rng.random_range(0..12)).map(|_| (*FIELDS.choose(rng).unwrap()).to_owned()).collect::<Vec<_>>();
    names.into_iter().map(|name| (name, value(rng, depth))).collect()
}

#[tokio::test]
async fn rubbish_is_never_an_internal_error() {
    let stage = Stage::set().await;
    let (task, habit) = (new_task(&stage.http, json!({ "title": "Read" })).await, new_habit(&stage.http, "Run").await);
    let ids = [task["id"].to_string(), habit["id"].to_string(), "1".to_owned(), "0".to_owned(), "-7".to_owned()];
    let mut rng = StdRng::seed_from_u64(6);
    let routes = [
        (Method::POST, "tasks"),
        (Method::PATCH, "tasks/{id}"),
        (Method::PATCH, "tasks/{id}"),
        (Method::POST, "tasks/{id}/simple-complete"),
        (Method::POST, "tasks/{id}/smart-complete"),
        (Method::POST, "tasks/{id}/start-pomodoro"),
        (Method::POST, "tasks/{id}/complete-pomodoro"),
        (Method::POST, "habits/{id}/complete-pomodoro"),
        (Method::POST, "goals/{id}/pomodoro-complete"),
        (Method::POST, "tasks/intelligent-create"),
        (Method::POST, "tasks/reset-daily-habits"),
        (Method::POST, "mobile/tasks"),
        (Method::POST, "mobile/tasks/{id}/complete"),
        (Method::POST, "debug/restore-energy"),
        (Method::POST, "user-stats/recalculate-level"),
    ];
    let mut taken = 0;
    for round in 0..ROUNDS {
        let (method, path) = routes.choose(&mut rng).unwrap();
        let path = format!("/api/{}", path.replace("{id}", ids.choose(&mut rng).unwrap()));
        let sent = Value::from(body(&mut rng, 2)).to_string();
        let answer = stage.http.send(method.clone(), &path, Some(sent.clone())).await;
        assert!(matches!(answer.status, 200 | 400 | 404), "round {round}: {path} {sent}: {}", answer.status);
        let told = answer.json();
        assert!(answer.status == 200 || told["message"].is_string(), "round {round}: {path}: {told}");
        taken += usize::from(answer.status == 200);
    }
    assert!(taken > ROUNDS / 4, "only {taken} were taken: the rubbish is refused before it is read");
    for task in good(&stage.http.get("/api/tasks").await).as_array().unwrap() {
        for (field, known) in [
            ("taskCategory", ["todo", "goal", "habit", ""]),
            ("difficulty", ["trivial", "easy", "medium", "hard"]),
            ("taskType", ["main", "stage", "daily", "simple"]),
        ] {
            assert!(known.contains(&task[field].as_str().unwrap()), "{field} in {task}");
        }
    }
}
