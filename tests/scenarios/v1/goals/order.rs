//! The `order` of milestones is their place in the goal, whoever placed the others.

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command_with, id};

use super::frame::{done, positions_of};
use super::{new_goal, patch_goal};
use crate::stage::Stage;

/// The titles of the goal's milestones in their order, each of which is told as its own place.
async fn titles(stage: &Stage, goal: &Value) -> Vec<String> {
    let shown = patch_goal(&stage.http, goal, json!({})).await["milestones"].clone();
    let shown = shown.as_array().unwrap();
    assert!(shown.iter().zip(0..).all(|(one, place)| one["order"] == json!(place)), "{shown:?}");
    shown.iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

/// Moves the milestone of this title; the place that it is told to be at then.
async fn moved(stage: &Stage, goal: &Value, title: &str, place: i64) -> Value {
    let shown = patch_goal(&stage.http, goal, json!({})).await["milestones"].clone();
    let one = shown.as_array().unwrap().iter().find(|one| one["title"] == title).unwrap();
    let path = format!("/api/goals/{}/milestones/{}", goal["id"], one["id"]);
    done(&stage.http, Method::PATCH, &path, &json!({ "order": place })).await["order"].clone()
}

#[tokio::test]
async fn a_milestone_comes_to_the_place_that_is_asked_for_and_the_others_stay() {
    let stage = Stage::set().await;
    let goal = new_goal(&stage.http, &["Aa", "Bb", "Cc"]).await;
    let of_v2 = stage.http.get("/api/v2/goals").await.json()["items"][0]["id"].clone();
    for title in ["Dd", "Ee"] {
        stage
            .account
            .commit(&[command_with("milestone.create", id(), json!({ "title": title, "goal_id": of_v2 }))])
            .await;
    }
    assert_eq!(titles(&stage, &goal).await, ["Aa", "Bb", "Cc", "Dd", "Ee"]);
    for (title, place, expected) in [
        ("Ee", 1, ["Aa", "Ee", "Bb", "Cc", "Dd"]),
        ("Aa", 3, ["Ee", "Bb", "Cc", "Aa", "Dd"]),
        ("Dd", 0, ["Dd", "Ee", "Bb", "Cc", "Aa"]),
        ("Ee", 4, ["Dd", "Bb", "Cc", "Aa", "Ee"]),
        ("Bb", 2, ["Dd", "Cc", "Bb", "Aa", "Ee"]),
    ] {
        let before = positions_of(&stage.sql, &stage).await;
        assert_eq!(moved(&stage, &goal, title, place).await, place, "{title}");
        assert_eq!(titles(&stage, &goal).await, expected);
        assert_eq!(positions_of(&stage.sql, &stage).await, before + 1, "{title} alone is moved");
        assert_eq!(moved(&stage, &goal, title, place).await, place);
        assert_eq!(positions_of(&stage.sql, &stage).await, before + 1, "it is there already");
    }
    assert_eq!(moved(&stage, &goal, "Dd", 99).await, 4);
    assert_eq!(moved(&stage, &goal, "Dd", -1).await, 0);
    for (title, place) in [("First", 0), ("Third", 2), ("Last", 100)] {
        let body = json!({ "goalId": goal["id"], "title": title, "order": place });
        assert_eq!(done(&stage.http, Method::POST, "/api/milestones", &body).await["order"], place.min(7));
    }
    let body = json!({ "goalId": goal["id"], "title": "At the end" });
    assert_eq!(done(&stage.http, Method::POST, "/api/milestones", &body).await["order"], 8);
    let expected = ["First", "Dd", "Third", "Cc", "Bb", "Aa", "Ee", "Last", "At the end"];
    assert_eq!(titles(&stage, &goal).await, expected);
}

#[tokio::test]
async fn milestones_of_one_rank_make_room() {
    let stage = Stage::set().await;
    let goal = new_goal(&stage.http, &[]).await;
    let of_v2 = stage.http.get("/api/v2/goals").await.json()["items"][0]["id"].clone();
    let create =
        |title: &str| command_with("milestone.create", id(), json!({ "title": title, "goal_id": of_v2, "rank": "m" }));
    stage.account.commit(&["Aa", "Bb", "Cc", "Dd"].map(create)).await;
    let mut order = titles(&stage, &goal).await;
    for place in [1, 2, 0, 3] {
        let last = order.pop().unwrap();
        assert_eq!(moved(&stage, &goal, &last, place).await, place);
        order.insert(usize::try_from(place).unwrap(), last);
        assert_eq!(titles(&stage, &goal).await, order);
    }
}
