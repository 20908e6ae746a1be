//! `Idempotency-Key`: every POST happens once.

use serde_json::{Value, json};
use support::Http;
use support::commands::{command_with, id};

use super::{good, head, new_habit, new_task};
use crate::stage::Stage;

fn keyed(http: &Http, key: &str) -> Http {
    http.with_header("idempotency-key", key)
}

/// Every POST, with a body that does something and another that does something else.
async fn posts(stage: &Stage) -> Vec<(String, Value, Value)> {
    let (habit, task) = (new_habit(&stage.http, "Run").await, new_task(&stage.http, json!({ "title": "Read" })).await);
    let receipt = stage.account.commit(&[command_with("goal.create", id(), json!({ "title": "Summit" }))]).await;
    let goal = &receipt["results"][0]["legacy_id"];
    let (habit, task) = (&habit["id"], &task["id"]);
    let (one, two) = (json!({ "title": "One" }), json!({ "title": "Two" }));
    let (short, long) = (json!({ "sessionDuration": 10 }), json!({ "sessionDuration": 20 }));
    let (none, some) = (json!({}), json!({ "why": "not" }));
    [
        ("tasks".to_owned(), &one, &two),
        ("mobile/tasks".to_owned(), &one, &two),
        ("tasks/intelligent-create".to_owned(), &json!({ "description": "Run" }), &json!({ "description": "Walk" })),
        ("tasks/reset-daily-habits".to_owned(), &none, &some),
        (format!("tasks/{habit}/simple-complete"), &none, &some),
        (format!("tasks/{habit}/smart-complete"), &none, &some),
        (format!("mobile/tasks/{task}/complete"), &none, &some),
        (format!("tasks/{task}/start-pomodoro"), &short, &long),
        (format!("tasks/{task}/complete-pomodoro"), &short, &long),
        (format!("habits/{habit}/start-pomodoro"), &short, &long),
        (format!("habits/{habit}/complete-pomodoro"), &short, &long),
        (format!("goals/{goal}/pomodoro-complete"), &short, &long),
        ("debug/restore-energy".to_owned(), &none, &some),
        ("user-stats/recalculate-level".to_owned(), &none, &some),
        ("user-stats/restore-energy".to_owned(), &none, &some),
        ("user-stats/force-reset-energy".to_owned(), &none, &some),
    ]
    .map(|(path, body, other)| (path, body.clone(), other.clone()))
    .into()
}

#[tokio::test]
async fn a_key_makes_every_post_happen_once_under_both_prefixes() {
    let stage = Stage::set().await;
    for (path, body, other) in posts(&stage).await {
        let http = keyed(&stage.http, &id().to_string());
        let first = good(&http.post(&format!("/api/{path}"), body.to_string()).await);
        let before = head(&stage.http).await;
        for prefix in ["/api", "/api/v1"] {
            let again = good(&http.post(&format!("{prefix}/{path}"), body.to_string()).await);
            assert_eq!(again, first, "{prefix}/{path}");
        }
        let refused = http.post(&format!("/api/{path}"), other.to_string()).await;
        assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("transaction_reused")), "{path}");
        assert_eq!(head(&stage.http).await, before, "{path} did something again");
    }
    assert_eq!(good(&stage.http.get("/api/v2/rejections").await)["items"], json!([]));
}

#[tokio::test]
async fn what_was_deleted_since_is_answered_as_it_was() {
    let stage = Stage::set().await;
    let (posts, mut first) = (posts(&stage).await, Vec::new());
    for (path, body, _) in &posts {
        first.push(good(&keyed(&stage.http, path).post(&format!("/api/{path}"), body.to_string()).await));
    }
    // What was a habit becomes another task before it goes.
    for list in ["tasks", "goals"] {
        for one in good(&stage.http.get(&format!("/api/{list}")).await).as_array().unwrap() {
            let path = format!("/api/{list}/{}", one["id"]);
            let todo = json!({ "taskCategory": "todo" }).to_string();
            good(&stage.http.send(reqwest::Method::PATCH, &path, Some(todo)).await);
            good(&stage.http.delete(&path).await);
        }
    }
    for ((path, body, _), first) in posts.iter().zip(&first) {
        let again = good(&keyed(&stage.http, path).post(&format!("/api/{path}"), body.to_string()).await);
        for place in ["/id", "/data/id", "/task/id", "/task/title", "/sessionId", "/expGained", "/success", "/message"]
        {
            assert_eq!(again.pointer(place), first.pointer(place), "{path}");
        }
        let unkeyed = stage.http.post(&format!("/api/{path}"), body.to_string()).await;
        assert_eq!(unkeyed.status, if path.contains(char::is_numeric) { 404 } else { 200 }, "{path}");
    }
    // Those without a key, once each.
    assert_eq!(listed_titles(&stage.http).await, ["Run", "One", "One"]);
}

async fn listed_titles(http: &Http) -> Vec<Value> {
    let all = good(&http.get("/api/tasks").await);
    all.as_array().unwrap().iter().map(|task| task["title"].clone()).collect()
}

#[tokio::test]
async fn a_session_that_is_sent_again_later_is_told_what_it_was_told_first() {
    let stage = Stage::set().await;
    let task = new_task(&stage.http, json!({ "title": "Read" })).await;
    let (path, body) =
        (format!("/api/tasks/{}/complete-pomodoro", task["id"]), json!({ "sessionDuration": 30 }).to_string());
    let http = keyed(&stage.http, "first");
    let first = good(&http.post(&path, body.clone()).await);
    good(&stage.http.post(&path, body.clone()).await);
    assert_eq!(good(&http.post(&path, body).await), first);
    assert_eq!(first["totalAccumulatedTime"], 30);
}

#[tokio::test]
async fn a_key_is_for_one_account_and_without_one_the_same_may_happen_again() {
    let stage = Stage::set().await;
    let stranger = support::Account::register(&stage.server).await.http().await;
    let body = json!({ "title": "Read" }).to_string();
    let ids = [
        good(&keyed(&stage.http, "k").post("/api/tasks", body.clone()).await),
        good(&keyed(&stage.http, "K").post("/api/tasks", body.clone()).await),
        good(&stage.http.post("/api/tasks", body.clone()).await),
        good(&stage.http.post("/api/tasks", body.clone()).await),
    ]
    .map(|task| task["id"].as_i64().unwrap());
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    let theirs = good(&keyed(&stranger, "k").post("/api/tasks", body.clone()).await);
    assert_eq!(good(&stranger.get("/api/tasks").await), json!([theirs]));
    let bad = keyed(&stage.http, &"k".repeat(256)).post("/api/tasks", body).await;
    assert_eq!((bad.status, &bad.json()["code"]), (400, &json!("header_invalid")));
}
