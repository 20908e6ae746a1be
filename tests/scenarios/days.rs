//! Days: the calendar of a habit with its streaks, and the day reports of the hero.

use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, id};
use support::{Account, Http};
use uuid::Uuid;

use crate::activity::{at, noon};
use crate::stage::Stage;

async fn days(http: &Http, query: &str) -> Value {
    let answer = http.get(&format!("/api/v2/days?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

fn habit(entity: Uuid) -> Value {
    command_with("task.create", entity, json!({ "title": "Run", "category": "habit" }))
}

#[tokio::test]
async fn the_calendar_of_a_habit_says_when_it_was_done_and_how_many_days_in_a_row() {
    let stage = Stage::set().await;
    let run = id();
    // As of one moment: midnight may come meanwhile.
    let noons: Vec<(i64, String)> = (0..=6).map(noon).collect();
    let noon = |days_ago: usize| noons[days_ago].clone();
    stage.account.commit(&[habit(run)]).await;
    for days_ago in [6, 5, 4, 2] {
        stage.account.commit(&[at(noon(days_ago).0, command("task.complete", run))]).await;
    }
    let focus = command_with("task.focus", run, json!({ "minutes": 30, "cycles": 1 }));
    stage.account.commit(&[at(noon(3).0, focus)]).await;
    let query = format!("entity={run}&from={}&to={}", noon(5).1, noon(1).1);
    let calendar = days(&stage.http, &query).await;
    assert_eq!((&calendar["entity"], &calendar["id"]), (&json!("task"), &json!(run)));
    let told = |calendar: &Value| -> Vec<Value> {
        let day = |day: &Value| json!([day["day"], day["completions"], day["minutes"], day["streak"]]);
        calendar["items"].as_array().unwrap().iter().map(day).collect()
    };
    assert_eq!(
        told(&calendar),
        [
            json!([noon(5).1, 1, 0, 2]),
            json!([noon(4).1, 1, 0, 3]),
            json!([noon(3).1, 0, 30, 0]),
            json!([noon(2).1, 1, 0, 1])
        ],
        "what began before the first day counts"
    );
    assert_eq!(calendar["items"][0]["completed_at"], json!(noon(5).0));
    assert_eq!((&calendar["items"][2]["completed_at"], &calendar["items"][2]["report"]), (&json!(null), &json!(null)));

    // A late day joins two runs, an undone one splits one; both are there at once.
    stage.account.commit(&[at(noon(3).0, command("task.complete", run))]).await;
    let joined: Vec<Value> = told(&days(&stage.http, &query).await).iter().map(|day| day[3].clone()).collect();
    assert_eq!(joined, [2, 3, 4, 5]);
    stage.account.commit(&[at(noon(4).0, command("task.uncomplete", run))]).await;
    let split: Vec<Value> = told(&days(&stage.http, &query).await).iter().map(|day| day[3].clone()).collect();
    assert_eq!(split, [2, 0, 1, 2]);
}

#[tokio::test]
async fn the_report_of_a_day_counts_what_was_done_and_stands() {
    let stage = Stage::set().await;
    let ((moment, day), (_, before)) = (noon(1), noon(2));
    let [run, read, undone, goal, milestone, skill] = [(); 6].map(|()| id());
    let done = |kind: &str, entity| at(moment, command(kind, entity));
    stage
        .account
        .commit(&[
            command_with("skill.create", skill, json!({ "name": "Chess" })),
            habit(run),
            command_with("task.create", read, json!({ "title": "Read", "difficulty": "hard", "skill_id": skill })),
            create_task(undone, "Write"),
            command_with("goal.create", goal, json!({ "title": "Summit", "exp_reward": 50 })),
            command_with("milestone.create", milestone, json!({ "title": "Camp", "goal_id": goal })),
        ])
        .await;
    stage
        .account
        .commit(&[
            done("task.complete", run),
            done("task.complete", read),
            done("task.complete", undone),
            done("milestone.complete", milestone),
            done("goal.complete", goal),
            at(moment, command_with("task.focus", read, json!({ "minutes": 50, "cycles": 2, "balls": 3 }))),
        ])
        .await;
    let mut later = command("task.uncomplete", undone);
    later["at"] = json!(moment + 1);
    stage.account.commit(&[later]).await;
    let body = days(&stage.http, &format!("from={day}&to={day}")).await;
    assert_eq!((&body["entity"], &body["id"]), (&json!("hero"), &json!(stage.account.space())));
    let items = body["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{body:#}");
    let mut item = items[0].clone();
    let report = item["report"].take();
    let expected = json!({
        "day": day, "completions": 2, "minutes": 50, "balls": 2 + 4 + 3, "xp": 20 + 35 + 50 + 70, "streak": 1,
        "completed_at": null, "report": null,
    });
    assert_eq!(item, expected);
    let mut by_skill = report["by_skill"].as_array().unwrap().clone();
    by_skill.sort_by_key(|amount| amount["times"].as_i64());
    assert_eq!(
        by_skill,
        [json!({ "skill_id": null, "times": 2, "xp": 70 }), json!({ "skill_id": skill, "times": 2, "xp": 105 })]
    );
    let counts = json!({
        "tasks": 1, "habits": 1, "goals": 1, "milestones": 1, "sessions": 1, "cycles": 2, "level_ups": 1,
        "skill_level_ups": 1, "by_skill": report["by_skill"],
        "by_difficulty": { "hard": { "times": 1, "xp": 35 }, "medium": { "times": 1, "xp": 20 } },
    });
    assert_eq!(report, counts);
    assert_eq!(days(&stage.http, &format!("from={before}&to={before}")).await["items"], json!([]));
}

#[tokio::test]
async fn days_that_cannot_be_asked_for_are_named() {
    let stage = Stage::set().await;
    for (query, parameter) in [
        ("from=2026-01-01&to=2027-01-02", "to"),
        ("from=2026-01-02&to=2026-01-01", "to"),
        ("from=yesterday&to=2026-01-01", "from"),
        ("from=2026-01-01&to=2026-13-01", "to"),
        ("from=2026-01-01&to=2026-1-2", "to"),
        ("from=2026-01-01T00:00&to=2026-01-02", "from"),
        ("from=10000-01-01&to=10000-01-02", "from"),
    ] {
        let answer = stage.http.get(&format!("/api/v2/days?{query}")).await;
        let said = answer.json();
        assert_eq!(
            (answer.status, &said["code"], &said["parameter"]),
            (400, &json!("query_invalid"), &json!(parameter)),
            "{query}"
        );
    }
    for query in ["", "from=2026-01-01", "to=2026-01-01", "from=2026-01-01&to=2026-01-02&color=red"] {
        let answer = stage.http.get(&format!("/api/v2/days?{query}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "query_invalid"), "{query}");
    }
    assert_eq!(days(&stage.http, "from=2026-01-01&to=2027-01-01").await["items"], json!([]), "366 days");
}

#[tokio::test]
async fn the_days_of_another_are_as_unknown_as_those_of_nothing() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let (run, goal) = (id(), id());
    let (moment, day) = noon(1);
    other.commit(&[habit(run), at(moment, command("task.complete", run))]).await;
    stage.account.commit(&[command_with("goal.create", goal, json!({ "title": "Summit" }))]).await;
    let asked = |entity: String| format!("/api/v2/days?from={day}&to={day}&entity={entity}");
    let unknown = stage.http.get(&asked(id().to_string())).await;
    assert_eq!((unknown.status, unknown.problem().as_str()), (404, "not_found"));
    for entity in [run.to_string(), other.space().to_string(), goal.to_string(), "7".to_owned(), String::new()] {
        let answer = stage.http.get(&asked(entity.clone())).await;
        assert_eq!((answer.status, answer.json()), (404, unknown.json()), "{entity}");
    }
    assert_eq!(days(&stage.http, &format!("from={day}&to={day}")).await["items"], json!([]));
    let theirs = other.http().await;
    assert_eq!(days(&theirs, &format!("from={day}&to={day}&entity={run}")).await["items"][0]["completions"], 1);
}
