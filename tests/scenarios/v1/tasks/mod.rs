//! What clients of v1 do with tasks, habits, focus sessions and energy.

mod focus;
mod golden;
mod keys;
mod life;
mod refused;
mod rubbish;
mod totals;

use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, Http};

/// Both places of v1.
const PREFIXES: [&str; 2] = ["/api", "/api/v1"];

/// What a route answers when all is well.
fn good(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

async fn post(http: &Http, path: &str, body: Value) -> Value {
    good(&http.post(path, body.to_string()).await)
}

async fn patch(http: &Http, id: &Value, body: Value) -> Value {
    good(&http.send(Method::PATCH, &format!("/api/tasks/{id}"), Some(body.to_string())).await)
}

/// A new task of v1.
async fn new_task(http: &Http, body: Value) -> Value {
    post(http, "/api/tasks", body).await
}

/// A new habit of v1.
async fn new_habit(http: &Http, title: &str) -> Value {
    new_task(http, json!({ "title": title, "taskCategory": "habit" })).await
}

/// The tasks of v1 that have this id.
async fn listed(http: &Http, id: &Value) -> Vec<Value> {
    let all = good(&http.get("/api/tasks").await);
    all.as_array().unwrap().iter().filter(|task| task["id"] == *id).cloned().collect()
}

/// A task of v1 that is there.
async fn task(http: &Http, id: &Value) -> Value {
    listed(http, id).await.pop().expect("the task")
}

/// The only entity of v2 in a list.
async fn only(http: &Http, list: &str) -> Value {
    let items = good(&http.get(&format!("/api/v2/{list}")).await)["items"].take();
    assert_eq!(items.as_array().map(Vec::len), Some(1), "{items}");
    items[0].clone()
}

/// These totals of the hero, by v2.
async fn hero<const N: usize>(http: &Http, fields: [&str; N]) -> [i64; N] {
    let hero = only(http, "heroes").await;
    fields.map(|field| hero[field].as_i64().unwrap_or_else(|| panic!("{field} in {hero}")))
}

/// The last position of the log.
async fn head(http: &Http) -> i64 {
    good(&http.get("/api/v2/changes?limit=1").await)["head"].as_i64().unwrap()
}

/// The changes after a position, by v2.
async fn changes_after(http: &Http, position: i64) -> Vec<Value> {
    let page = good(&http.get("/api/v2/changes?limit=1000").await);
    let changes = page["changes"].as_array().unwrap().iter();
    changes.filter(|change| change["position"].as_i64().unwrap() > position).cloned().collect()
}
