//! A client of v1 and one of v2 on one account, at the same time.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command, create_task, edit_task, id, transaction};
use support::{Http, Socket};

use super::table::PREFIXES;
use crate::stage::Stage;

/// The changes that a live connection is told until one comes that is looked for.
async fn heard_until(socket: &mut Socket, is_last: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut heard: Vec<Value> = Vec::new();
    while !heard.last().is_some_and(&is_last) {
        let page = socket.hear_type("changes").await;
        let changes = page["changes"].as_array().unwrap().clone();
        heard.extend(changes);
    }
    heard
}

async fn done(http: &Http, method: Method, path: &str, body: Value) -> Value {
    let answer = http.send(method, path, Some(body.to_string())).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.json());
    answer.json()
}

#[tokio::test]
async fn a_live_connection_of_v2_is_told_what_v1_writes_each_once_and_in_order() {
    let stage = Stage::set().await;
    let cursor = stage.cursor().await;
    let old = stage.account.device_http(&stage.server, "old browser").await;
    let mut socket = Socket::open(&stage.http).await;
    socket.subscribe(Some(&cursor)).await;
    assert_eq!(socket.hear_type("changes").await["changes"], json!([]));
    let mut position = None;
    for prefix in PREFIXES {
        let made = done(&old, Method::POST, &format!("{prefix}/tasks"), json!({ "title": "Read" })).await;
        let path = format!("{prefix}/tasks/{}", made["id"]);
        done(&old, Method::PATCH, &path, json!({ "title": "Write", "completed": true })).await;
        done(&old, Method::PATCH, &path, json!({ "completed": false })).await;
        done(&old, Method::DELETE, &path, json!({})).await;
        let heard = heard_until(&mut socket, |change| change["op"] == "delete").await;
        // Positions leave nothing out and repeat nothing.
        let positions: Vec<i64> = heard.iter().map(|change| change["position"].as_i64().unwrap()).collect();
        let first = position.unwrap_or(positions[0]);
        assert_eq!(positions, (first..first + positions.len() as i64).collect::<Vec<_>>());
        position = Some(first + positions.len() as i64);
        let of_task: Vec<&Value> = heard.iter().filter(|change| change["entity"] == "task").collect();
        let ops: Vec<&str> = of_task.iter().map(|change| change["op"].as_str().unwrap()).collect();
        assert_eq!(ops, ["create", "update", "update", "update", "delete"], "{heard:#?}");
        assert_eq!((&of_task[0]["fields"]["title"], &of_task[1]["fields"]["title"]), (&json!("Read"), &json!("Write")));
        assert_eq!(of_task[0]["fields"]["legacy_id"], made["id"]);
        assert!(of_task[2]["fields"]["completed_at"].is_i64() && of_task[3]["fields"]["completed_at"].is_null());
        // The hero's share of it comes with it.
        let xp: Vec<&Value> =
            heard.iter().filter(|change| change["entity"] == "hero").map(|change| &change["fields"]["xp"]).collect();
        assert_eq!(xp, [&json!(20), &json!(0)], "{heard:#?}");
    }
}

#[tokio::test]
async fn v1_reads_at_once_what_a_live_connection_wrote() {
    let stage = Stage::set().await;
    let old = stage.account.device_http(&stage.server, "old browser").await;
    let mut socket = Socket::open(&stage.http).await;
    let task = id();
    let shown = async |path: &str| old.get(path).await.json();
    for (commands, title, completed, xp) in [
        (vec![create_task(task, "Read")], "Read", false, 0),
        (vec![edit_task(task, json!({ "title": "Write" })), command("task.complete", task)], "Write", true, 20),
        (vec![command("task.uncomplete", task)], "Write", false, 0),
    ] {
        let tag = old.get("/api/tasks").await.header("etag").to_owned();
        let receipts = socket.write(&[transaction(&commands)]).await;
        assert_eq!(receipts[0]["status"], "committed", "{receipts:?}");
        for prefix in PREFIXES {
            let tasks = shown(&format!("{prefix}/tasks")).await;
            assert_eq!((&tasks[0]["title"], &tasks[0]["completed"]), (&json!(title), &json!(completed)), "{prefix}");
            assert_eq!(shown(&format!("{prefix}/user-stats")).await["experience"], xp, "{prefix}");
        }
        assert_eq!(
            old.with_header("if-none-match", &tag).get("/api/tasks").await.status,
            200,
            "an old answer is told so"
        );
    }
}

#[tokio::test]
async fn writers_of_both_at_once_lose_nothing_and_end_with_the_same() {
    let stage = Stage::set().await;
    let old = stage.account.device_http(&stage.server, "old browser").await;
    let by_v1 = (0..20).map(|number| {
        let old = old.clone();
        async move {
            done(&old, Method::POST, "/api/tasks", json!({ "title": format!("v1 {number}"), "completed": true })).await
        }
    });
    let by_v2 = (0..20).map(|number| {
        let (http, task) = (stage.http.clone(), id());
        let sent = transaction(&[create_task(task, &format!("v2 {number}")), command("task.complete", task)]);
        async move { http.write(&json!({ "transactions": [sent] })).await.receipts() }
    });
    let (made, receipts) = tokio::join!(futures_util::future::join_all(by_v1), futures_util::future::join_all(by_v2));
    assert!(receipts.iter().all(|receipts| receipts[0]["status"] == "committed"), "{receipts:?}");
    assert_eq!(made.len(), 20);
    let titles = |list: &Value| -> BTreeMap<String, Value> {
        let of = |task: &Value| (task["title"].as_str().unwrap().to_owned(), task["id"].clone());
        list.as_array().unwrap().iter().map(of).collect()
    };
    let shown = titles(&old.get("/api/tasks").await.json());
    assert_eq!(shown.len(), 40);
    let ids: std::collections::BTreeSet<i64> = shown.values().map(|id| id.as_i64().unwrap()).collect();
    assert_eq!(ids.len(), 40, "no number is given twice");
    let items = stage.http.get("/api/v2/tasks?limit=100").await.json()["items"].clone();
    let of_v2 = items.as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned());
    assert_eq!(of_v2.collect::<std::collections::BTreeSet<_>>(), shown.keys().cloned().collect());
    let hero = stage.http.get("/api/v2/heroes").await.json()["items"][0].clone();
    // Energy is 18 balls: what nobody has left is not taken.
    assert_eq!((&hero["xp"], &hero["tasks_completed"]), (&json!(40 * 20), &json!(40)), "{hero}");
}
