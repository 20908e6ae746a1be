//! What v1 shows: every route that reads, as the legacy contract says, of what a client of v2 wrote.

use domain::rules::day::local_day;
use infrastructure::clock::now_ms;
use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, id};
use support::{Account, Http};
use uuid::Uuid;

use super::golden::{Case, Player, case, files};
use crate::activity::at;
use crate::stage::Stage;

const PREFIXES: [&str; 2] = ["/api", "/api/v1"];
/// Those that are the same for everybody, and so have no tag.
const UNTAGGED: [&str; 2] = ["read/health", "read/tasks_micro_tasks"];

/// What a route answers that reads.
pub(super) async fn told(http: &Http, path: &str) -> Value {
    let answer = http.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("content-type"), "application/json", "{path}");
    answer.json()
}

/// The cases, each a route that reads.
fn reads() -> Vec<Case> {
    let cases: Vec<Case> = files("read").iter().map(|name| case(name)).collect();
    assert!(cases.len() >= 19 && cases.iter().all(|case| case.method == "GET"));
    cases
}

fn today() -> String {
    local_day(now_ms(), "UTC").to_string()
}

/// The day that the cases tell of, written by a client of v2.
async fn live_a_day(account: &Account) {
    let space = account.space();
    let (chess, summit, rest, read) = (id(), id(), id(), id());
    let (win, run, climb, sleep, camp, peak) = (id(), id(), id(), id(), id(), id());
    let first_core_skill = Uuid::new_v5(&space, b"core-skill/1");
    let name = json!({ "command_id": id(), "type": "hero.edit", "set": { "name": "Mu", "age": "30" } });
    let focus = json!({ "minutes": 25, "cycles": 1 });
    let commands = [
        name,
        command_with("skill.create", chess, json!({ "name": "Chess", "prerequisites": [first_core_skill] })),
        command_with(
            "goal.create",
            summit,
            json!({
                "title": "Summit", "description": "Up", "priority": "high", "target_at": now_ms(), "skill_id": chess,
                "exp_reward": 200,
            }),
        ),
        command_with("milestone.create", camp, json!({ "title": "Camp", "goal_id": summit })),
        command_with("milestone.create", peak, json!({ "title": "Peak", "goal_id": summit })),
        command("milestone.complete", camp),
        command_with(
            "task.create",
            win,
            json!({
                "title": "Win", "description": "At last", "difficulty": "hard", "exp_reward": 100, "skill_id": chess,
                "estimated_minutes": 40, "tags": ["board"],
            }),
        ),
        command("task.complete", win),
        command_with("task.create", run, json!({ "title": "Run", "category": "habit" })),
        command("task.complete", run),
        create_task(read, "Read"),
        command_with("task.focus", read, focus),
        command_with(
            "task.create",
            climb,
            json!({
                "title": "Climb", "category": "goal", "goal_id": summit, "parent_id": read, "goal_tags": ["peak"],
                "due_at": now_ms(),
            }),
        ),
        command_with("goal.create", rest, json!({ "title": "Rest", "parent_id": summit })),
        command("goal.complete", rest),
        command_with("task.create", sleep, json!({ "title": "Sleep", "category": "habit", "difficulty": "trivial" })),
    ];
    let begun = now_ms() - 100;
    let commands: Vec<Value> = commands.into_iter().zip(begun..).map(|(command, moment)| at(moment, command)).collect();
    account.commit(&commands).await;
}

#[tokio::test]
async fn every_route_that_reads_answers_as_the_legacy_contract_says() {
    let stage = Stage::set().await;
    live_a_day(&stage.account).await;
    for prefix in PREFIXES {
        let known = [("user", json!(stage.account.space())), ("today", json!(today()))];
        let mut player = Player::new(stage.http.clone(), prefix, known);
        for case in reads() {
            player.play(&case).await;
        }
    }
}

#[tokio::test]
async fn what_a_client_holds_is_not_sent_again_until_something_is_written() {
    let stage = Stage::set().await;
    live_a_day(&stage.account).await;
    let paths = reads().into_iter().filter(|case| !UNTAGGED.contains(&case.name.as_str())).flat_map(|case| case.paths);
    let paths: Vec<String> = paths.map(|path| format!("/api{}", path.replace("{today}", &today()))).collect();
    let mut held = Vec::new();
    for path in &paths {
        let tag = stage.http.get(path).await.header("etag").to_owned();
        assert!(tag.starts_with("W/"), "{path}: {tag:?}");
        let again = stage.http.with_header("if-none-match", &tag).get(path).await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        held.push(tag);
    }
    stage.account.commit(&[create_task(id(), "One more")]).await;
    for (path, tag) in paths.iter().zip(&held) {
        assert_eq!(stage.http.with_header("if-none-match", tag).get(path).await.status, 200, "{path}");
    }
    let stranger = Account::register(&stage.server).await.http().await;
    for (path, tag) in paths.iter().zip(&held).filter(|(path, _)| !path.contains("/goals/")) {
        assert_eq!(stranger.with_header("if-none-match", tag).get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn who_has_done_nothing_has_six_skills_full_energy_and_no_profile() {
    let stage = Stage::set().await;
    let http = &stage.http;
    assert_eq!(told(http, "/api/data?type=profile").await, json!(null));
    assert_eq!(told(http, "/api/mobile/profile").await, json!({ "success": true, "data": null }));
    assert_eq!(told(http, "/api/skills").await.as_array().map(Vec::len), Some(6));
    let stats = told(http, "/api/data?type=stats").await;
    let of = |name: &str| stats[name].as_i64();
    assert_eq!(
        ["level", "experience", "experienceToNext", "energyBalls", "streak"].map(of),
        [1, 0, 100, 18, 0].map(Some)
    );
    for path in ["/api/tasks", "/api/goals", "/api/activity-logs"] {
        assert_eq!(told(http, path).await, json!([]), "{path}");
    }
    let report = told(http, "/api/battle-reports/daily").await;
    assert_eq!((&report["totalBattleTime"], report.get("id")), (&json!(0), None));
    let summary = told(http, "/api/battle-reports/summary").await;
    assert_eq!((&summary["totalDays"], &summary["dailyReports"]), (&json!(0), &json!([])));
    let available = told(http, "/api/pomodoro/available-tasks").await;
    assert_eq!(available, json!({ "goals": [], "tasks": [], "habits": [] }));
}

#[tokio::test]
async fn what_cannot_be_answered_is_told_in_the_old_words() {
    let stage = Stage::set().await;
    for (path, status, code) in [
        ("/api/data", 400, "query_invalid"),
        ("/api/data?type=gold", 400, "query_invalid"),
        ("/api/battle-reports/daily?date=soon", 400, "query_invalid"),
        ("/api/goals/NaN/milestones", 400, "path_invalid"),
        ("/api/goals/4711/milestones", 404, "not_found"),
        // A skill's number.
        ("/api/goals/1/milestones", 404, "not_found"),
        ("/api/tasks/x/micro-tasks", 400, "path_invalid"),
        ("/api/tasks/4711/micro-tasks", 404, "not_found"),
        // A skill's number.
        ("/api/tasks/1/micro-tasks", 404, "not_found"),
    ] {
        let answer = stage.http.get(path).await;
        let told = answer.json();
        assert_eq!((answer.status, told["code"].as_str()), (status, Some(code)), "{path}: {told}");
        assert!(told["message"].is_string() && told["message"] == told["error"], "{path}: {told}");
    }
    let mobile = stage.http.get("/api/mobile/gold").await;
    assert_eq!((mobile.status, &mobile.json()["success"]), (404, &json!(false)));
    assert_eq!(Http::nobody(stage.server.url()).get("/api/health").await.status, 200);
    for rubbish in ["/api/battle-reports/summary?period=%00", "/api/data/batch", "/api/data/batch?types=,,%FF,"] {
        assert_eq!(stage.http.get(rubbish).await.status, 200, "{rubbish}");
    }
}

#[tokio::test]
async fn nobody_is_shown_anything_without_a_token() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    for path in reads().into_iter().filter(|case| case.name != "read/health").flat_map(|case| case.paths) {
        for prefix in PREFIXES {
            let answer = nobody.get(&format!("{prefix}{path}")).await;
            assert_eq!((answer.status, answer.json()["code"].as_str()), (401, Some("token_missing")), "{path}");
        }
    }
}

#[tokio::test]
async fn anothers_number_is_nobodys_or_ones_own() {
    let stage = Stage::set().await;
    let goal = id();
    stage.account.commit(&[command_with("goal.create", goal, json!({ "title": "Private" }))]).await;
    assert_eq!(told(&stage.http, "/api/goals/7/milestones").await, json!({ "milestones": [] }));
    let stranger = Account::register(&stage.server).await;
    let http = stranger.http().await;
    assert_eq!(http.get("/api/goals/7/milestones").await.status, 404);
    stranger.commit(&[command_with("goal.create", id(), json!({ "title": "Own" }))]).await;
    assert_eq!(told(&http, "/api/goals").await[0]["title"], "Own");
    assert_eq!(http.get("/api/goals/7/milestones").await.status, 200);
}

#[tokio::test]
async fn what_is_taken_back_is_in_the_log_below_zero_and_in_no_report() {
    let stage = Stage::set().await;
    let task = id();
    stage.account.commit(&[create_task(task, "Read"), command("task.complete", task)]).await;
    stage.account.commit(&[command("task.uncomplete", task)]).await;
    let log = told(&stage.http, "/api/activity-logs").await;
    let shown = |row: &Value| (row["action"].as_str().unwrap().to_owned(), row["expGained"].as_i64().unwrap());
    let shown: Vec<(String, i64)> = log.as_array().unwrap().iter().map(shown).collect();
    assert_eq!(shown, [("task_uncompleted".to_owned(), -20), ("task_completed".to_owned(), 20)]);
    let report = told(&stage.http, "/api/battle-reports/daily").await;
    assert_eq!((&report["tasksCompleted"], report.get("id")), (&json!(0), None));
    // The log of what is no more stays.
    stage.account.commit(&[command("task.delete", task)]).await;
    assert_eq!(told(&stage.http, "/api/tasks").await, json!([]));
    assert_eq!(told(&stage.http, "/api/activity-logs").await[0]["taskId"], 7);
}

#[tokio::test]
async fn what_another_system_wrote_is_in_the_log_as_it_was() {
    let stage = Stage::set().await;
    let details = json!({ "description": "Ten pages", "duration": 15, "energyBalls": 1 });
    let legacy = json!({ "legacy": { "action": "habit_completed", "details": details } });
    let statement = "INSERT INTO activity (space_id, position, at, day, action, entity, entity_id, title, xp, balls, minutes,
        cycles, details) VALUES ($1, 4000, 5000, '2020-01-01', 'known_to_a_newer_program', 'hero', $1, '', 10, 1, 15, 0, $2)";
    stage.sql.execute(statement, &[&stage.account.space(), &legacy]).await.unwrap();
    let log = told(&stage.http, "/api/activity-logs").await;
    assert_eq!(log.as_array().map(Vec::len), Some(1));
    assert_eq!((&log[0]["action"], &log[0]["details"]), (&json!("habit_completed"), &details));
    assert_eq!((&log[0]["expGained"], &log[0]["createdAt"]), (&json!(10), &json!("1970-01-01T00:00:05.000Z")));
}

#[tokio::test]
async fn todays_date_in_utc_means_the_heros_own_today() {
    let stage = Stage::set().await;
    // One of the two is on another day than UTC now.
    let zones = ["Pacific/Kiritimati", "Pacific/Pago_Pago"];
    let zone = zones.into_iter().find(|zone| local_day(now_ms(), zone).to_string() != today()).unwrap();
    let name = json!({ "command_id": id(), "type": "hero.edit", "at": now_ms(), "set": { "time_zone": zone } });
    stage.account.commit(&[name]).await;
    let task = id();
    stage.account.commit(&[create_task(task, "Read"), command("task.complete", task)]).await;
    let own = local_day(now_ms(), zone).to_string();
    let slashed = today().replace('-', "/");
    for query in [
        String::new(),
        "?date=".to_owned(),
        format!("?date={slashed}"),
        format!("?date={}", today()),
        format!("?date={own}"),
    ] {
        let report = told(&stage.http, &format!("/api/battle-reports/daily{query}")).await;
        assert_eq!((&report["tasksCompleted"], &report["date"]), (&json!(1), &json!(format!("{own}T00:00:00.000Z"))));
    }
}
