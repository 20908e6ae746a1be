//! What is a stranger's stays a stranger's, what closes a circle is refused, and a request under a key is one request.

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::command;
use support::{Account, Http};

use super::frame::{PREFIXES, call, code, done, hero, positions_of, said};
use super::new_goal;
use crate::stage::Stage;

/// Every route that creates or saves by POST, with a body.
fn posts(goal: &Value) -> Vec<(&'static str, Value)> {
    vec![
        ("/goals", json!({ "title": "Read", "milestones": [{ "title": "Begin" }] })),
        ("/goals/intelligent-create", json!({ "description": "Read\nmore" })),
        ("/milestones", json!({ "goalId": goal["id"], "title": "Half" })),
        ("/skills", json!({ "name": "Cooking" })),
        ("/skills/initialize-core", json!({})),
        ("/profile", json!({ "name": "Mu", "age": "30" })),
        ("/crud?resource=profile", json!({ "name": "Mu", "mission": "eat" })),
        ("/crud?resource=goals", json!({ "title": "Write" })),
        ("/crud?resource=skills", json!({ "name": "Baking" })),
    ]
}

#[tokio::test]
async fn a_request_under_a_key_is_answered_again_and_does_nothing_twice() {
    let stage = Stage::set().await;
    let goal = new_goal(&stage.http, &[]).await;
    for (number, (path, body)) in posts(&goal).into_iter().enumerate() {
        let keyed = stage.http.with_header("idempotency-key", &format!("key {number}"));
        let first = done(&keyed, Method::POST, &format!("/api{path}"), &body).await;
        let position = positions_of(&stage.sql, &stage).await;
        for prefix in PREFIXES {
            assert_eq!(done(&keyed, Method::POST, &format!("{prefix}{path}"), &body).await, first, "{path}");
        }
        assert_eq!(positions_of(&stage.sql, &stage).await, position, "{path}");
        let mut other = body.clone();
        other["title"] = "Another".into();
        other["name"] = "Another".into();
        other["description"] = "Another".into();
        let refused = call(&keyed, Method::POST, &format!("/api{path}"), &other).await;
        assert_eq!(code(&refused), (400, "transaction_reused"), "{path}");
        assert_eq!(positions_of(&stage.sql, &stage).await, position, "{path}");
    }
    let unkeyed = done(&stage.http, Method::POST, "/api/goals", &json!({ "title": "Read" })).await;
    assert_ne!(done(&stage.http, Method::POST, "/api/goals", &json!({ "title": "Read" })).await["id"], unkeyed["id"]);
    let rejections = stage.http.get("/api/v2/rejections").await.json();
    assert_eq!(rejections["items"], json!([]), "what was refused here and now is no dead letter");
}

#[tokio::test]
async fn what_was_deleted_since_is_answered_again_all_the_same() {
    let stage = Stage::set().await;
    let goal = new_goal(&stage.http, &[]).await;
    let posts: Vec<_> = posts(&goal).into_iter().filter(|(path, _)| !path.contains("profile")).collect();
    let keyed = |path: &str| stage.http.with_header("idempotency-key", path);
    let mut first = Vec::new();
    for (path, body) in &posts {
        first.push(done(&keyed(path), Method::POST, &format!("/api{path}"), body).await);
    }
    let goals = done(&stage.http, Method::GET, "/api/goals", &Value::Null).await;
    for goal in goals.as_array().unwrap() {
        let path = format!("/api/goals/{}", goal["id"]);
        let delete = stage.http.with_header("idempotency-key", &path);
        let gone = done(&delete, Method::DELETE, &path, &Value::Null).await;
        assert_eq!(done(&delete, Method::DELETE, &path, &Value::Null).await, gone);
        assert_eq!(code(&call(&stage.http, Method::DELETE, &path, &Value::Null).await), (404, "not_found"));
    }
    let skills = stage.http.get("/api/v2/skills").await.json()["items"].clone();
    for skill in skills.as_array().unwrap().iter().filter(|skill| skill["kind"] != "core") {
        stage.account.commit(&[command("skill.delete", skill["id"].as_str().unwrap().parse().unwrap())]).await;
    }
    for ((path, body), first) in posts.iter().zip(&first) {
        let again = done(&keyed(path), Method::POST, &format!("/api{path}"), body).await;
        assert_eq!(
            (&again["id"], &again["title"], &again["name"]),
            (&first["id"], &first["title"], &first["name"]),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_key_that_changed_nothing_is_still_that_key() {
    let stage = Stage::set().await;
    let profile = json!({ "name": "Mu" });
    done(&stage.http, Method::POST, "/api/profile", &profile).await;
    let keyed = stage.http.with_header("idempotency-key", "once");
    for _ in 0..2 {
        assert_eq!(done(&keyed, Method::POST, "/api/profile", &profile).await["name"], "Mu");
    }
    let refused = call(&keyed, Method::POST, "/api/profile", &json!({ "name": "Nu" })).await;
    assert_eq!(code(&refused), (400, "transaction_reused"));
    let bad = stage.http.with_header("idempotency-key", &"k".repeat(300));
    assert_eq!(code(&call(&bad, Method::POST, "/api/profile", &profile).await), (400, "header_invalid"));
}

#[tokio::test]
async fn a_strangers_ids_are_nobodys() {
    let stage = Stage::set().await;
    for _ in 0..5 {
        new_goal(&stage.http, &["Start"]).await;
    }
    let theirs = new_goal(&stage.http, &["Start"]).await;
    let skill = done(&stage.http, Method::POST, "/api/skills", &json!({ "name": "Cooking" })).await;
    let step = &theirs["milestones"][0];
    let stranger = Account::register(&stage.server).await.http().await;
    let position = positions_of(&stage.sql, &stage).await;
    for prefix in PREFIXES {
        let goal = format!("{prefix}/goals/{}", theirs["id"]);
        for (method, path) in [
            (Method::PATCH, goal.clone()),
            (Method::DELETE, goal.clone()),
            (Method::PATCH, format!("{goal}/milestones/{}", step["id"])),
            (Method::PATCH, format!("{prefix}/skills/{}", skill["id"])),
            (Method::PATCH, format!("{prefix}/crud?resource=skills&id={}", skill["id"])),
        ] {
            let wished = json!({ "title": "Mine", "name": "Mine", "completed": true });
            assert_eq!(code(&call(&stranger, method, &path, &wished).await), (404, "not_found"), "{path}");
        }
        let joined = json!({ "goalId": theirs["id"], "title": "Mine" });
        let refused = call(&stranger, Method::POST, &format!("{prefix}/milestones"), &joined).await;
        assert_eq!(code(&refused), (404, "not_found"));
    }
    assert_eq!(own_goal_of(&stranger, &theirs, &skill).await, json!([null, null]));
    assert_eq!(positions_of(&stage.sql, &stage).await, position);
}

/// What a new goal of somebody else refers to, who names these.
async fn own_goal_of(http: &Http, goal: &Value, skill: &Value) -> Value {
    let body = json!({ "title": "Mine", "parentGoalId": goal["id"], "skillId": skill["id"], "userId": goal["userId"] });
    let made = done(http, Method::POST, "/api/goals", &body).await;
    assert_ne!(made["userId"], goal["userId"]);
    json!([made["parentGoalId"], made["skillId"]])
}

#[tokio::test]
async fn references_are_set_cleared_and_never_a_circle() {
    let stage = Stage::set().await;
    let (parent, child) = (new_goal(&stage.http, &[]).await, new_goal(&stage.http, &[]).await);
    let path = |goal: &Value| format!("/api/goals/{}", goal["id"]);
    let skill = done(&stage.http, Method::POST, "/api/skills", &json!({ "name": "Cooking" })).await;
    let linked = json!({ "parentGoalId": parent["id"].to_string(), "skillId": skill["id"] });
    let made = done(&stage.http, Method::PATCH, &path(&child), &linked).await;
    assert_eq!((&made["parentGoalId"], &made["skillId"]), (&parent["id"], &skill["id"]));
    for (goal, above) in [(&parent, &child), (&parent, &parent)] {
        let circle = call(&stage.http, Method::PATCH, &path(goal), &json!({ "parentGoalId": above["id"] })).await;
        assert_eq!(code(&circle), (400, "reference_cycle"));
        assert_eq!(said(&circle)["errors"][0]["path"], json!(["parentGoalId"]));
        assert!(!said(&circle).to_string().contains("command"), "{circle:?}");
    }
    // A skill's id is no goal's.
    let wrong = json!({ "parentGoalId": skill["id"], "skillId": 99_999 });
    let cleared = done(&stage.http, Method::PATCH, &path(&child), &wrong).await;
    assert_eq!((&cleared["parentGoalId"], &cleared["skillId"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_goal_feeds_its_skill_when_it_is_reached() {
    let stage = Stage::set().await;
    let skill = done(&stage.http, Method::POST, "/api/skills", &json!({ "name": "Cooking" })).await;
    let body = json!({ "title": "Eat", "skillId": skill["id"], "expReward": 130, "completed": true });
    let goal = done(&stage.http, Method::POST, "/api/goals", &body).await;
    assert_eq!((&goal["completed"], &goal["status"]), (&json!(true), &"completed".into()));
    let skill = done(&stage.http, Method::PATCH, &format!("/api/skills/{}", skill["id"]), &json!({})).await;
    assert_eq!((&skill["level"], &skill["exp"], &skill["maxExp"]), (&json!(2), &json!(30), &json!(150)));
    assert_eq!(hero(&stage).await["xp"], 130);
}
