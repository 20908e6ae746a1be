//! The activity: what was done is there as soon as it is answered, once, and whoever reads on misses nothing of it.

use std::collections::BTreeSet;

use domain::rules::day::local_day;
use infrastructure::clock::now_ms;
use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, edit_task, id, transaction};
use support::{Account, Http, tables};
use uuid::Uuid;

use crate::stage::Stage;

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// A page of the activity.
async fn activity(http: &Http, query: &str) -> Value {
    let answer = http.get(&format!("/api/v2/activity?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

async fn items(http: &Http, query: &str) -> Vec<Value> {
    activity(http, query).await["items"].as_array().unwrap().clone()
}

/// Kind, action and XP of each, the newest first.
fn told(items: &[Value]) -> Vec<(&str, &str, i64)> {
    fn text(value: &Value) -> &str {
        value.as_str().unwrap()
    }
    items.iter().map(|item| (text(&item["entity"]), text(&item["action"]), item["xp"].as_i64().unwrap())).collect()
}

/// Noon of the day that many days ago, and that day.
pub(crate) fn noon(days_ago: i64) -> (i64, String) {
    let at = (now_ms() / DAY - days_ago) * DAY + DAY / 2;
    (at, local_day(at, "UTC").to_string())
}

/// A command of a moment.
pub(crate) fn at(moment: i64, mut command: Value) -> Value {
    command["at"] = json!(moment);
    command
}

#[tokio::test]
async fn what_a_transaction_did_is_there_as_soon_as_it_is_answered() {
    let stage = Stage::set().await;
    let (skill, task) = (id(), id());
    let receipt = stage
        .account
        .commit(&[
            command_with("skill.create", skill, json!({ "name": "Chess" })),
            command_with(
                "task.create",
                task,
                json!({ "title": "Win", "difficulty": "hard", "exp_reward": 100, "skill_id": skill }),
            ),
            command("task.complete", task),
        ])
        .await;
    let shown = items(&stage.http, "").await;
    assert_eq!(told(&shown), [("skill", "level_up", 0), ("hero", "level_up", 0), ("task", "completed", 100)]);
    let (done, level) = (&shown[2], &shown[1]);
    for (field, value) in [
        ("id", json!(task)),
        ("title", json!("Win")),
        ("category", json!("todo")),
        ("difficulty", json!("hard")),
        ("skill_id", json!(skill)),
        ("balls", json!(4)),
        ("minutes", json!(0)),
        ("level", json!(null)),
        ("transaction_id", receipt["transaction_id"].clone()),
        ("device_id", json!(stage.account.session.device_id())),
        ("cause", json!(null)),
    ] {
        assert_eq!(done[field], value, "{field}");
    }
    assert_eq!((&level["level"], &level["details"]), (&json!(2), &json!({ "before": 1 })));
    assert_eq!((&level["cause"], &level["day"]), (&done["position"], &done["day"]));
    // What was renamed since is called what it was called then.
    stage.account.commit(&[edit_task(task, json!({ "title": "Lose" }))]).await;
    assert_eq!(items(&stage.http, "entity=task").await[0]["title"], "Win");
}

#[tokio::test]
async fn what_is_sent_again_is_shown_once() {
    let stage = Stage::set().await;
    let task = id();
    let sent = transaction(&[create_task(task, "Read"), command("task.complete", task)]);
    let (one, two) = tokio::join!(stage.account.send(sent.clone()), stage.account.send(sent.clone()));
    assert_eq!(one, two);
    assert_eq!(stage.account.send(sent).await, one);
    // A repeat of the state, and what a later write stands over, show nothing either.
    stage.account.commit(&[command("task.complete", task)]).await;
    let browser = stage.account.device_http(&stage.server, "browser").await;
    let late = transaction(&[at(5, command("task.uncomplete", task))]);
    let late = browser.write(&json!({ "transactions": [late] })).await.receipts().remove(0);
    assert_eq!(late["results"][0]["outcome"], "superseded", "{late}");
    assert_eq!(told(&items(&stage.http, "").await), [("task", "completed", 20)]);
}

#[tokio::test]
async fn what_is_taken_back_is_shown_with_amounts_below_zero() {
    let stage = Stage::set().await;
    let (task, goal, milestone) = (id(), id(), id());
    stage.account.commit(&[create_task(task, "Read"), command("task.complete", task)]).await;
    stage.account.commit(&[command("task.uncomplete", task)]).await;
    stage
        .account
        .commit(&[
            command_with("goal.create", goal, json!({ "title": "Summit" })),
            command_with("milestone.create", milestone, json!({ "title": "Camp", "goal_id": goal })),
            command("milestone.complete", milestone),
        ])
        .await;
    let focused = command_with("task.focus", task, json!({ "minutes": 25, "cycles": 1 }));
    let focused = stage.account.commit(&[focused]).await;
    let path = format!("/api/v2/transactions/{}/revert", focused["transaction_id"].as_str().unwrap());
    assert_eq!(stage.http.send(Method::POST, &path, None::<Vec<u8>>).await.status, 200);
    let shown = items(&stage.http, "").await;
    assert_eq!(
        told(&shown),
        [
            ("task", "unfocused", -20),
            ("task", "focused", 20),
            ("milestone", "completed", 0),
            ("task", "uncompleted", -20),
            ("task", "completed", 20),
        ]
    );
    assert_eq!((&shown[0]["minutes"], &shown[0]["details"]["of"]), (&json!(-25), &shown[1]["position"]));
    assert_eq!((&shown[3]["balls"], &shown[2]["details"]["goal_id"]), (&json!(-2), &json!(goal)));
}

#[tokio::test]
async fn only_what_is_asked_for_is_shown() {
    let stage = Stage::set().await;
    let (todo, habit) = (id(), id());
    stage
        .account
        .commit(&[
            create_task(todo, "Read"),
            command_with("task.create", habit, json!({ "title": "Run", "category": "habit" })),
        ])
        .await;
    let days: Vec<(i64, String)> = (1..=3).rev().map(noon).collect();
    for (moment, _) in &days {
        stage.account.commit(&[at(*moment, command("task.complete", habit))]).await;
    }
    stage.account.commit(&[at(days[2].0, command("task.complete", todo))]).await;
    let focus = command_with("task.focus", habit, json!({ "minutes": 10, "cycles": 0 }));
    let mut restore = command("hero.restore_energy", id());
    restore.as_object_mut().unwrap().remove("id");
    stage.account.commit(&[at(days[2].0, focus), restore]).await;
    let (first, last) = (&days[0].1, &days[2].1);
    for (query, count) in [
        (String::new(), 6),
        ("entity=task".to_owned(), 5),
        ("entity=hero".to_owned(), 1),
        ("entity=goal".to_owned(), 0),
        (format!("entity=task&id={habit}"), 4),
        (format!("entity=task&id={habit}&action=completed"), 3),
        (format!("entity=goal&id={habit}"), 0),
        ("action=focused,energy_restored".to_owned(), 2),
        (format!("from={first}&to={first}"), 1),
        (format!("from={first}&to={last}"), 5),
        (format!("from={last}&to={last}&action=completed"), 2),
        (format!("from={last}&to={last}&action=completed&entity=task&id={todo}"), 1),
    ] {
        let shown = items(&stage.http, &query).await;
        assert_eq!(shown.len(), count, "{query}: {shown:#?}");
        let positions: Vec<i64> = shown.iter().map(|item| item["position"].as_i64().unwrap()).collect();
        assert!(positions.is_sorted_by(|one, next| one > next), "{query}: {positions:?}");
    }
}

/// Reads every page; the positions, as they came.
async fn walked(http: &Http, query: &str, mut between: impl AsyncFnMut()) -> Vec<i64> {
    let (mut positions, mut page) = (Vec::new(), String::new());
    loop {
        let body = activity(http, &format!("{query}{page}")).await;
        positions.extend(body["items"].as_array().unwrap().iter().map(|item| item["position"].as_i64().unwrap()));
        match body["next"].as_str() {
            Some(next) => page = format!("&page={next}"),
            None => return positions,
        }
        between().await;
    }
}

#[tokio::test]
async fn whoever_turns_pages_while_others_write_meets_each_row_once() {
    let stage = Stage::set().await;
    let task = id();
    let mut commands = vec![create_task(task, "Read")];
    let focus = || command_with("task.focus", task, json!({ "minutes": 5, "cycles": 0 }));
    commands.extend((0..40).map(|_| focus()));
    stage.account.commit(&commands).await;
    let before: Vec<i64> = walked(&stage.http, "limit=1000", async || {}).await;
    assert_eq!(before.len(), 40);
    let browser = stage.account.device_http(&stage.server, "browser").await;
    let mut written = 0;
    for query in ["limit=7", "limit=7&action=focused", &format!("limit=7&entity=task&id={task}")] {
        let walked = walked(&stage.http, query, async || {
            browser.write(&json!({ "transactions": [transaction(&[focus()])] })).await;
            written += 1;
        })
        .await;
        let once: BTreeSet<i64> = walked.iter().copied().collect();
        assert_eq!(once.len(), walked.len(), "{query}");
        assert!(before.iter().all(|position| once.contains(position)), "{query}");
        assert!(walked.is_sorted_by(|one, next| one > next), "{query}");
    }
    assert!(written > 10);
}

#[tokio::test]
async fn a_rare_thing_in_a_long_activity_is_found_over_pages_that_may_be_empty() {
    let stage = Stage::set().await;
    let task = id();
    stage.account.commit(&[create_task(task, "Read"), command("task.complete", task)]).await;
    // So many others, without their events: those are not shown, and looked at all the same.
    let others =
        "INSERT INTO activity (space_id, position, at, day, action, entity, entity_id, title, xp, balls, minutes,
            cycles, details)
        SELECT $1, 1000000 + n, 0, '2020-01-01', 'focused', 'task', $2, 'x', 0, 0, 1, 0, '{}'
        FROM generate_series(1, 20500) n";
    stage.sql.execute(others, &[&stage.account.space(), &task]).await.unwrap();
    let first = activity(&stage.http, "action=completed").await;
    assert_eq!((first["items"].as_array().unwrap().len(), first["next"].is_string()), (0, true));
    let mut pages = 1;
    assert_eq!(walked(&stage.http, "action=completed", async || pages += 1).await.len(), 1);
    assert_eq!(pages, 3);
    // By entity or day it is found at once: the others are not looked at.
    let day = items(&stage.http, &format!("entity=task&id={task}")).await[0]["day"].as_str().unwrap().to_owned();
    assert_eq!(items(&stage.http, &format!("action=completed&from={day}&to={day}")).await.len(), 1);
}

#[tokio::test]
async fn nobody_is_shown_what_another_did() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let (mine, theirs) = (id(), id());
    for (account, task) in [(&stage.account, mine), (&other, theirs)] {
        account.commit(&[create_task(task, "Private"), command("task.complete", task)]).await;
    }
    let ids = |shown: Vec<Value>| shown.into_iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(items(&stage.http, "").await), [json!(mine)]);
    assert_eq!(ids(items(&other.http().await, "").await), [json!(theirs)]);
    for (id, count) in [(theirs, 0), (mine, 1), (Uuid::nil(), 0)] {
        assert_eq!(items(&stage.http, &format!("entity=task&id={id}")).await.len(), count);
    }
    let rows = "SELECT count(*) FROM activity WHERE space_id = $1";
    assert_eq!(tables::count(&stage.sql, rows, other.space()).await, 1);
}

#[tokio::test]
async fn a_parameter_that_does_not_fit_is_named() {
    let stage = Stage::set().await;
    for (query, code, parameter) in [
        ("from=2026-10-24", "query_invalid", "to"),
        ("to=2026-10-24", "query_invalid", "from"),
        ("from=2026-10-24&to=2026-10-23", "query_invalid", "to"),
        ("from=2026-01-01&to=2027-01-02", "query_invalid", "to"),
        ("from=2026-02-30&to=2026-03-01", "query_invalid", "from"),
        ("from=2026-03-01&to=20260302", "query_invalid", "to"),
        ("from=0000-01-01&to=0000-01-02", "query_invalid", "from"),
        ("from=-000001-01-01&to=2026-01-01", "query_invalid", "from"),
        ("entity=tasks", "query_invalid", "entity"),
        ("entity=", "query_invalid", "entity"),
        ("entity=task&id=7", "query_invalid", "id"),
        ("id=0197d3a8-0000-7000-8000-000000000000", "query_invalid", "entity"),
        ("action=created", "query_invalid", "action"),
        ("action=completed,", "query_invalid", "action"),
        ("limit=0", "query_invalid", "limit"),
        ("limit=1001", "query_invalid", "limit"),
        ("page=0", "page_invalid", "page"),
        ("page=x", "page_invalid", "page"),
        ("page=99999999999999999999", "page_invalid", "page"),
    ] {
        let answer = stage.http.get(&format!("/api/v2/activity?{query}")).await;
        let said = answer.json();
        assert_eq!(
            (answer.status, &said["code"], &said["parameter"]),
            (400, &json!(code), &json!(parameter)),
            "{query}"
        );
    }
    for query in ["color=red", "limit=x", "from=a&from=b", "limit=-1"] {
        let answer = stage.http.get(&format!("/api/v2/activity?{query}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "query_invalid"), "{query}");
    }
    for query in ["from=0001-01-01&to=0001-12-31", "from=9999-01-01&to=9999-12-31", "from=2024-01-01&to=2024-12-31"] {
        assert_eq!(items(&stage.http, query).await, Vec::<Value>::new(), "{query}");
    }
}
