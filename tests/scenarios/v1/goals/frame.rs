//! Calls as old clients make them, and what they are looked at with.

use reqwest::Method;
use serde_json::Value;
use support::{Http, answer};
use tokio_postgres::Client;

use crate::stage::Stage;

/// Where the routes are.
pub(super) const PREFIXES: [&str; 2] = ["/api", "/api/v1"];

/// A status and a body.
pub(super) type Said = (u16, Value);

/// A request with this body; null is none.
pub(super) async fn call(http: &Http, method: Method, path: &str, body: &Value) -> Said {
    let request = http.request(method, path);
    let answer = match body {
        Value::Null => answer(request).await,
        body => answer(request.header("content-type", "application/json").body(body.to_string())).await,
    };
    (answer.status, answer.json())
}

/// The answer to a request that has to be granted.
pub(super) async fn done(http: &Http, method: Method, path: &str, body: &Value) -> Value {
    let (status, answer) = call(http, method, path, body).await;
    assert_eq!(status, 200, "{path} {body}: {answer}");
    answer
}

/// What it was refused for.
pub(super) fn code(said: &Said) -> (u16, &str) {
    (said.0, said.1["code"].as_str().unwrap_or_default())
}

/// The body.
pub(super) fn said(said: &Said) -> &Value {
    &said.1
}

/// The hero, as clients of v2 see it.
pub(super) async fn hero(stage: &Stage) -> Value {
    stage.http.get(&format!("/api/v2/heroes/{}", stage.account.space())).await.json()
}

/// How far the log of the space reaches.
pub(super) async fn positions_of(sql: &Client, stage: &Stage) -> i64 {
    let head = "SELECT position FROM heads WHERE space_id = $1";
    sql.query_one(head, &[&stage.account.space()]).await.unwrap().get(0)
}
