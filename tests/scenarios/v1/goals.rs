//! Writes of goals, milestones and skills over API v1.

mod frame;
mod golden;
mod hero;
mod order;
mod references;
mod rubbish;
mod skills;

use reqwest::Method;
use serde_json::{Value, json};
use support::Http;
use support::commands::{command, transaction};

use self::frame::{PREFIXES, call, code, done, hero, positions_of, said};
use crate::stage::{Stage, cursor_of};

/// A new goal with milestones of these titles.
async fn new_goal(http: &Http, milestones: &[&str]) -> Value {
    let milestones: Vec<Value> = milestones.iter().map(|title| json!({ "title": title })).collect();
    done(http, Method::POST, "/api/goals", &json!({ "title": "Run a marathon", "milestones": milestones })).await
}

async fn patch_goal(http: &Http, goal: &Value, body: Value) -> Value {
    done(http, Method::PATCH, &format!("/api/goals/{}", goal["id"]), &body).await
}

#[tokio::test]
async fn a_goal_comes_with_its_milestones_in_one_transaction_and_is_in_the_feed_of_v2_at_once() {
    let stage = Stage::set().await;
    let cursor = stage.cursor().await;
    let goal = new_goal(&stage.http, &["Start", "  ", "End"]).await;
    let titles: Vec<&Value> = goal["milestones"].as_array().unwrap().iter().map(|one| &one["title"]).collect();
    assert_eq!(titles, ["Start", "End"]);
    let page = stage.http.get(&format!("/api/v2/changes?cursor={cursor}")).await.json();
    let changes = page["changes"].as_array().unwrap();
    assert!(changes.iter().all(|change| change["transaction_id"] == changes[0]["transaction_id"]), "{page}");
    let created: Vec<&Value> = changes.iter().filter(|change| change["op"] == "create").collect();
    assert_eq!(created.iter().map(|change| &change["entity"]).collect::<Vec<_>>(), ["goal", "milestone", "milestone"]);
    let ids = [&goal["id"], &goal["milestones"][0]["id"], &goal["milestones"][1]["id"]];
    assert_eq!(created.iter().map(|change| &change["fields"]["legacy_id"]).collect::<Vec<_>>(), ids);
}

#[tokio::test]
async fn a_goal_is_reached_when_its_milestones_are_and_pays_once() {
    let stage = Stage::set().await;
    let goal = new_goal(&stage.http, &["Start"]).await;
    let path = format!("/api/goals/{}", goal["id"]);
    let wished = json!({ "title": "Walk", "completed": true });
    let refused = call(&stage.http, Method::PATCH, &path, &wished).await;
    assert_eq!(code(&refused), (400, "milestones_open"));
    let members: Vec<&String> = said(&refused).as_object().unwrap().keys().collect();
    assert_eq!(members, ["code", "error", "message", "request_id"], "nothing that only v2 knows");
    assert_eq!(patch_goal(&stage.http, &goal, json!({})).await["title"], "Run a marathon", "half done");

    let step = format!("{path}/milestones/{}", goal["milestones"][0]["id"]);
    let reached = done(&stage.http, Method::PATCH, &step, &json!({ "completed": true })).await;
    assert_eq!((&reached["completed"], &reached["goalId"]), (&json!(true), &goal["id"]));
    let cursor = stage.cursor().await;
    for _ in 0..3 {
        let goal = patch_goal(&stage.http, &goal, wished.clone()).await;
        assert_eq!(
            (&goal["completed"], &goal["status"], &goal["title"]),
            (&json!(true), &"completed".into(), &"Walk".into())
        );
        assert_eq!(goal["progress"], 1.0);
    }
    assert_eq!(hero(&stage).await["xp"], 100);
    let changes = stage.http.get(&format!("/api/v2/changes?cursor={cursor}")).await.json()["changes"].clone();
    let changes = changes.as_array().unwrap();
    assert!(
        changes.iter().all(|change| change["transaction_id"] == changes[0]["transaction_id"]),
        "one edit and reach"
    );

    let open = patch_goal(&stage.http, &goal, json!({ "completed": false })).await;
    assert_eq!(
        (&open["completed"], &open["completedAt"], &open["status"]),
        (&json!(false), &Value::Null, &"active".into())
    );
    assert_eq!(hero(&stage).await["xp"], 0);
}

#[tokio::test]
async fn ten_browsers_reach_a_goal_at_once_and_it_pays_once() {
    let stage = Stage::set().await;
    let goal = new_goal(&stage.http, &[]).await;
    let all = (0..10).map(|_| patch_goal(&stage.http, &goal, json!({ "completed": true })));
    assert!(futures_util::future::join_all(all).await.iter().all(|goal| goal["completed"] == true));
    assert_eq!(hero(&stage).await["xp"], 100);
}

#[tokio::test]
async fn what_is_sent_back_as_it_was_shown_writes_nothing() {
    let stage = Stage::set().await;
    for _ in 0..2 {
        new_goal(&stage.http, &["Start", "End"]).await;
    }
    let goal = new_goal(&stage.http, &["Start", "End"]).await;
    let position = positions_of(&stage.sql, &stage).await;
    assert_eq!(patch_goal(&stage.http, &goal, goal.clone()).await, goal);
    for step in goal["milestones"].as_array().unwrap() {
        let path = format!("/api/goals/{}/milestones/{}", goal["id"], step["id"]);
        assert_eq!(&done(&stage.http, Method::PATCH, &path, step).await, step);
    }
    assert_eq!(positions_of(&stage.sql, &stage).await, position);
}

#[tokio::test]
async fn a_deleted_goal_takes_its_milestones_and_is_nobodys_any_more() {
    let stage = Stage::set().await;
    let goal = new_goal(&stage.http, &["Start"]).await;
    let path = format!("/api/v1/goals/{}", goal["id"]);
    assert!(done(&stage.http, Method::DELETE, &path, &Value::Null).await["message"].is_string());
    for body in [json!({ "title": "Back" }), json!({})] {
        assert_eq!(code(&call(&stage.http, Method::PATCH, &path, &body).await), (404, "not_found"));
    }
    assert_eq!(code(&call(&stage.http, Method::DELETE, &path, &Value::Null).await), (404, "not_found"));
    let step = format!("{path}/milestones/{}", goal["milestones"][0]["id"]);
    assert_eq!(code(&call(&stage.http, Method::PATCH, &step, &json!({})).await), (404, "not_found"));
    let late = json!({ "goalId": goal["id"], "title": "Late" });
    assert_eq!(code(&call(&stage.http, Method::POST, "/api/milestones", &late).await), (404, "not_found"));
}

#[tokio::test]
async fn a_milestone_is_found_under_its_own_goal_only() {
    let stage = Stage::set().await;
    let (goal, other) = (new_goal(&stage.http, &["One", "Two"]).await, new_goal(&stage.http, &[]).await);
    let step = &goal["milestones"][0];
    let astray = format!("/api/goals/{}/milestones/{}", other["id"], step["id"]);
    let reached = call(&stage.http, Method::PATCH, &astray, &json!({ "completed": true })).await;
    assert_eq!(code(&reached), (404, "not_found"));
    let path = format!("/api/goals/{}/milestones/{}", goal["id"], step["id"]);
    assert_eq!(done(&stage.http, Method::PATCH, &path, &json!({ "completed": true })).await["completed"], true);
}

#[tokio::test]
async fn a_client_of_v1_has_seen_all_there_is_and_opens_no_conflict() {
    let stage = Stage::set().await;
    let browser = stage.account.device_http(&stage.server, "browser").await;
    let goal = new_goal(&stage.http, &[]).await;
    let id: uuid::Uuid =
        stage.http.get("/api/v2/goals").await.json()["items"][0]["id"].as_str().unwrap().parse().unwrap();
    let base = cursor_of(&stage.http).await;
    let edit = async |http: &Http, title: &str| {
        let mut edit = command("goal.edit", id);
        edit["set"] = json!({ "title": title });
        let mut sent = transaction(&[edit]);
        sent["base"] = base.as_str().into();
        http.write(&json!({ "transactions": [sent] })).await.receipts()[0].clone()
    };
    let conflicts = async || stage.http.get("/api/v2/conflicts").await.json()["items"].as_array().unwrap().len();
    assert_eq!(edit(&stage.http, "Phone").await["status"], "committed");
    assert_eq!(patch_goal(&browser, &goal, json!({ "description": "old app" })).await["title"], "Phone");
    assert_eq!(patch_goal(&browser, &goal, json!({ "title": "Old app" })).await["title"], "Old app");
    assert_eq!(conflicts().await, 0);
    // A device of v2 that has not seen that opens one; the old app, which has seen both, decides it.
    let tablet = stage.account.device_http(&stage.server, "tablet").await;
    assert_eq!(edit(&tablet, "Tablet").await["status"], "committed");
    assert_eq!(conflicts().await, 1);
    assert_eq!(patch_goal(&browser, &goal, json!({ "title": "Decided" })).await["title"], "Decided");
    assert_eq!(conflicts().await, 0);
}

#[tokio::test]
async fn a_goal_with_more_steps_than_a_transaction_holds_is_refused_whole() {
    let stage = Stage::set().await;
    let position = positions_of(&stage.sql, &stage).await;
    let steps: Vec<Value> = (0..500).map(|number| json!({ "title": format!("Step {number}") })).collect();
    let goal = json!({ "title": "Everything", "milestones": steps });
    assert_eq!(code(&call(&stage.http, Method::POST, "/api/goals", &goal).await), (400, "command_count"));
    assert_eq!(positions_of(&stage.sql, &stage).await, position);
    let goal = json!({ "title": "Nearly", "milestones": steps[..499] });
    let made = done(&stage.http, Method::POST, "/api/goals", &goal).await;
    assert_eq!(made["milestones"].as_array().map(Vec::len), Some(499));
}

#[tokio::test]
async fn a_description_is_enough_for_a_goal_with_three_steps() {
    let stage = Stage::set().await;
    for prefix in PREFIXES {
        let path = format!("{prefix}/goals/intelligent-create");
        let described = json!({ "description": format!("{}\nand more", "x".repeat(300)) });
        let goal = done(&stage.http, Method::POST, &path, &described).await;
        assert_eq!(goal["title"], "x".repeat(200));
        assert_eq!((&goal["expReward"], goal["milestones"].as_array().map(Vec::len)), (&json!(100), Some(3)));
        let refused = call(&stage.http, Method::POST, &path, &json!({ "description": "  " })).await;
        assert_eq!(code(&refused), (400, "fields_invalid"));
        assert_eq!(said(&refused)["errors"][0]["path"], json!(["description"]));
    }
}
