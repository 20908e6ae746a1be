//! What v1 refuses, and how it says so.

use reqwest::Method;
use serde_json::json;
use support::{Account, Answer, Http, tables};

use super::{good, new_task};
use crate::stage::Stage;

/// Every route of tasks, by method and path, about a task (or goal) with this id.
fn about(id: &str) -> Vec<(Method, String)> {
    let posts = ["tasks/{id}/simple-complete", "tasks/{id}/smart-complete", "tasks/{id}/start-pomodoro"];
    let more = ["tasks/{id}/complete-pomodoro", "habits/{id}/start-pomodoro", "habits/{id}/complete-pomodoro"];
    let last = ["goals/{id}/pomodoro-complete", "mobile/tasks/{id}/complete"];
    let posts = posts.into_iter().chain(more).chain(last).map(|path| (Method::POST, path));
    let all = posts.chain([(Method::PATCH, "tasks/{id}"), (Method::DELETE, "tasks/{id}")]);
    all.map(|(method, path)| (method, format!("/api/{}", path.replace("{id}", id)))).collect()
}

async fn call(http: &Http, (method, path): &(Method, String)) -> Answer {
    http.send(method.clone(), path, Some(json!({ "title": "Mine", "completed": true }).to_string())).await
}

/// A refusal that every client in the field can read.
fn assert_readable(answer: &Answer, status: u16, code: &str, what: &str) {
    let body = answer.json();
    assert_eq!((answer.status, body["code"].as_str()), (status, Some(code)), "{what}: {body}");
    assert!(body["message"].is_string() && body["message"] == body["error"], "{what}: {body}");
    assert_eq!(answer.header("content-type"), "application/json", "{what}");
}

#[tokio::test]
async fn a_strangers_ids_are_nobodys_and_what_is_no_id_is_said_to_be_none() {
    let stage = Stage::set().await;
    let stranger = Account::register(&stage.server).await.http().await;
    // Further than the six skills of one's own.
    let theirs = new_task(&stranger, json!({ "title": "Theirs" })).await;
    let before = tables::footprint(&stage.sql).await;
    let steps = stage.http.get(&format!("/api/tasks/{}/micro-tasks", theirs["id"])).await;
    assert_readable(&steps, 404, "not_found", "micro-tasks");
    for route in about(&theirs["id"].to_string()) {
        assert_readable(&call(&stage.http, &route).await, 404, "not_found", &route.1);
    }
    for id in ["x", "1.5", "NaN", "99999999999"] {
        for route in about(id) {
            assert_readable(&call(&stage.http, &route).await, 400, "path_invalid", &route.1);
        }
    }
    // A skill's id is no task's, and the id of a task is no goal's.
    for route in about("1") {
        assert_readable(&call(&stage.http, &route).await, 404, "not_found", &route.1);
    }
    assert_eq!(tables::footprint(&stage.sql).await, before);
    assert_eq!(good(&stranger.get("/api/tasks").await), json!([theirs]));
    // The same number may be one's own: then it is that.
    let mine = new_task(&stage.http, json!({ "title": "Mine" })).await;
    assert_eq!(mine["id"], theirs["id"]);
    good(&stage.http.delete(&format!("/api/tasks/{}", mine["id"])).await);
    assert_eq!(good(&stranger.get("/api/tasks").await), json!([theirs]));
}

#[tokio::test]
async fn nobody_gets_in_without_a_token() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    let mut routes = about("1");
    for path in
        ["tasks", "tasks/intelligent-create", "tasks/reset-daily-habits", "mobile/tasks", "debug/restore-energy"]
    {
        routes.push((Method::POST, format!("/api/{path}")));
    }
    for path in ["recalculate-level", "restore-energy", "force-reset-energy"] {
        routes.push((Method::POST, format!("/api/user-stats/{path}")));
    }
    for route in routes {
        assert_readable(&call(&nobody, &route).await, 401, "token_missing", &route.1);
    }
}

#[tokio::test]
async fn what_has_no_title_or_description_is_refused_with_the_field() {
    let stage = Stage::set().await;
    for body in [json!({}), json!({ "title": null }), json!({ "title": ["Read"] })] {
        let refused = stage.http.post("/api/tasks", body.to_string()).await;
        assert_readable(&refused, 400, "fields_invalid", "a task");
        assert_eq!(refused.json()["errors"][0]["path"], json!(["title"]));
    }
    for body in [json!({}), json!({ "description": " \n" }), json!({ "description": 7 })] {
        let refused = stage.http.post("/api/tasks/intelligent-create", body.to_string()).await;
        assert_readable(&refused, 400, "fields_invalid", "a description");
        assert_eq!(refused.json()["errors"][0]["path"], json!(["description"]));
    }
    assert_eq!(good(&stage.http.get("/api/tasks").await), json!([]));
}

#[tokio::test]
async fn bodies_are_read_whatever_they_are_called_and_refused_when_they_are_no_object() {
    let stage = Stage::set().await;
    let body = json!({ "title": "Read" }).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "nonsense"] {
        good(&stage.http.post_as("/api/tasks", &[("content-type", kind)], body.clone()).await);
    }
    good(&stage.http.post_as("/api/tasks", &[], body.clone()).await);
    let id = good(&stage.http.get("/api/tasks").await)[0]["id"].clone();
    good(&stage.http.post_as(&format!("/api/tasks/{id}/smart-complete"), &[], "").await);
    for bad in ["[]", "null", "7", "{", "title=Read", "\u{0}"] {
        let refused = stage.http.post("/api/tasks", bad).await;
        assert_readable(&refused, 400, "body_invalid", bad);
    }
    let large = json!({ "title": "Read", "x": "x".repeat(1_100_000) }).to_string();
    assert_readable(&stage.http.post("/api/tasks", large).await, 413, "body_too_large", "a large body");
    assert_eq!(good(&stage.http.get("/api/tasks").await).as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn only_a_habit_can_be_completed_simply_and_routes_that_are_gone_are_unknown() {
    let stage = Stage::set().await;
    let task = new_task(&stage.http, json!({ "title": "Read" })).await;
    let id = &task["id"];
    assert_readable(
        &stage.http.post(&format!("/api/tasks/{id}/simple-complete"), "").await,
        404,
        "not_found",
        "a to-do",
    );
    assert_eq!(good(&stage.http.get("/api/tasks").await), json!([task]));
    let steps = format!("/api/tasks/{id}/micro-tasks");
    assert_eq!(good(&stage.http.get(&steps).await), json!([]));
    assert_readable(&stage.http.post(&steps, "{}").await, 405, "method_not_allowed", "micro-tasks");
    for gone in ["tasks/quick-create", "tasks/batch-create", "tasks/auto-assign-skills", "test/create", "micro-tasks"] {
        let answer = stage.http.post(&format!("/api/{gone}"), json!({ "title": "Read" }).to_string()).await;
        let body = answer.json();
        assert_eq!((answer.status, &body["code"]), (404, &json!("route_unknown")), "{gone}: {body}");
    }
}
