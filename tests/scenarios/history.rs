//! Looking back: who wrote what when, from which device and what it replaced, and what was at a position or an instant.

use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, edit_task, id};
use support::{Account, Http};
use uuid::Uuid;

use crate::stage::Stage;

async fn history(http: &Http, table: &str, id: Uuid, query: &str) -> Value {
    let answer = http.get(&format!("/api/v2/{table}/{id}/history{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

/// The lines of a field: device, before, after, whether the present value is from there.
fn lines(history: &Value, field: &str) -> Vec<(String, Value, Value, bool)> {
    let mut found = Vec::new();
    for entry in history["items"].as_array().unwrap() {
        for line in entry["changes"].as_array().unwrap().iter().filter(|line| line["field"] == field) {
            let device = entry["device_name"].as_str().unwrap_or_default().to_owned();
            found.push((device, line["before"].clone(), line["after"].clone(), line["current"].as_bool().unwrap()));
        }
    }
    found
}

fn line(
    device: &str,
    before: impl Into<Value>,
    after: impl Into<Value>,
    current: bool,
) -> (String, Value, Value, bool) {
    (device.to_owned(), before.into(), after.into(), current)
}

#[tokio::test]
async fn a_fields_history_says_who_wrote_it_from_where_and_what_it_replaced() {
    let stage = Stage::set().await;
    let task = id();
    let browser = stage.account.device_http(&stage.server, "browser").await;
    stage.account.commit(&[create_task(task, "Read")]).await;
    browser.write(&json!({ "transactions": [support::commands::transaction(&[edit_task(task, json!({ "title": "Read on" }))])] })).await;
    stage.account.commit(&[edit_task(task, json!({ "difficulty": "hard" }))]).await;
    stage.account.commit(&[command("task.complete", task)]).await;
    stage.account.commit(&[command("task.delete", task)]).await;

    let all = history(&stage.http, "tasks", task, "").await;
    let titles = [line("browser", "Read", "Read on", true), line("phone", Value::Null, "Read", false)];
    assert_eq!(lines(&all, "title"), titles);
    assert_eq!(lines(&all, "difficulty").len(), 2);
    assert!(lines(&all, "completed_at")[0].3 && lines(&all, "deleted_at")[0].3);
    let only = history(&stage.http, "tasks", task, "?field=title").await;
    assert_eq!(lines(&only, "title"), titles);
    assert_eq!(only["items"].as_array().unwrap().len(), 2, "{only}");

    // Page by page it is the same, and what is current is so on whichever page it stands.
    let (mut page, mut pages) = (String::new(), Vec::new());
    loop {
        let part = history(&stage.http, "tasks", task, &format!("?limit=1{page}")).await;
        pages.extend(part["items"].as_array().unwrap().clone());
        let Some(next) = part["next"].as_str() else { break };
        page = format!("&page={next}");
    }
    assert_eq!(json!(pages), all["items"]);
}

#[tokio::test]
async fn what_follows_from_another_event_is_told_with_its_cause() {
    let stage = Stage::set().await;
    let task = id();
    stage.account.commit(&[create_task(task, "Read")]).await;
    let receipt = stage.account.commit(&[command("task.complete", task)]).await;
    let hero = history(&stage.http, "heroes", stage.account.space(), "?field=xp").await;
    let newest = &hero["items"][0];
    assert_eq!((&newest["cause"], &newest["event"]), (&receipt["positions"]["first"], &json!("hero.rewarded")));
    assert_eq!(lines(&hero, "xp")[0], line("phone", 0, 20, true));
}

#[tokio::test]
async fn an_entity_and_a_list_are_read_as_they_were() {
    let stage = Stage::set().await;
    let (kept, gone, goal, late) = (id(), id(), id(), id());
    let then = stage
        .account
        .commit(&[
            create_task(kept, "Read"),
            create_task(gone, "Skim"),
            command_with("goal.create", goal, json!({ "title": "Ten books" })),
        ])
        .await;
    let position = then["positions"]["last"].as_i64().unwrap();
    let list = |query: &str| format!("/api/v2/tasks?sort=title&{query}");
    let before = stage.http.get(&list("")).await.json();
    stage.account.commit(&[edit_task(kept, json!({ "title": "Write" }))]).await;
    stage.account.commit(&[command("task.delete", gone), create_task(late, "Paint")]).await;
    let instant = stage.http.get("/api/v2/changes?limit=1000").await.json()["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["position"] == position)
        .unwrap()["at"]
        .clone();

    for as_of in [position.to_string(), instant.to_string()] {
        assert_eq!(stage.http.get(&list(&format!("as_of={as_of}"))).await.json(), before, "{as_of}");
        assert_eq!(
            stage.http.get(&format!("/api/v2/tasks/{kept}?as_of={as_of}&fields=title")).await.json()["title"],
            "Read"
        );
        assert_eq!(stage.http.get(&format!("/api/v2/tasks/{late}?as_of={as_of}")).await.status, 404);
    }
    let first = stage.http.get(&list(&format!("as_of={position}&limit=1"))).await.json();
    let next = first["next"].as_str().unwrap();
    let second = stage.http.get(&list(&format!("as_of={position}&limit=1&page={next}"))).await.json();
    assert_eq!(json!([first["items"][0], second["items"][0]]), before["items"]);
    assert_eq!(second["next"], json!(null));
    assert_eq!(stage.http.get(&list(&format!("as_of={position}&q=SKI"))).await.json()["items"][0]["id"], json!(gone));
    assert_eq!(stage.http.get(&list("as_of=0")).await.json()["items"], json!([]));
    let history = history(&stage.http, "tasks", kept, &format!("?as_of={position}")).await;
    assert_eq!(lines(&history, "title"), [line("phone", Value::Null, "Read", true)]);
}

#[tokio::test]
async fn a_moment_that_is_none_or_still_to_come_is_told() {
    let stage = Stage::set().await;
    let task = id();
    stage.account.commit(&[create_task(task, "Read")]).await;
    for (as_of, status, code) in [
        ("yesterday", 400, "query_invalid"),
        ("-1", 400, "query_invalid"),
        ("", 400, "query_invalid"),
        ("99999", 422, "position_ahead"),
        ("2999-01-01T00:00:00Z", 422, "position_ahead"),
    ] {
        for path in [
            "/api/v2/tasks?as_of=",
            &format!("/api/v2/tasks/{task}?as_of="),
            &format!("/api/v2/tasks/{task}/history?as_of="),
        ] {
            let answer = stage.http.get(&format!("{path}{as_of}")).await;
            assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{path}{as_of}");
        }
    }
    for path in ["tasks", "heroes", "nothing"] {
        assert_eq!(stage.http.get(&format!("/api/v2/{path}/{}/history", id())).await.status, 404, "{path}");
    }
    let page = stage.http.get(&format!("/api/v2/tasks/{task}/history?page=x")).await;
    assert_eq!(page.problem(), "page_invalid");
    let stranger = Account::register(&stage.server).await.http().await;
    assert_eq!(stranger.get(&format!("/api/v2/tasks/{task}/history")).await.status, 404);
}
