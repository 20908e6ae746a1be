//! The profile and the stats over API v1: what is a person's to say, and what is not.

use reqwest::Method;
use serde_json::{Value, json};

use super::frame::{call, code, done, hero};
use crate::stage::Stage;

#[tokio::test]
async fn a_profile_that_says_everything_has_been_welcomed() {
    let stage = Stage::set().await;
    let half = done(&stage.http, Method::POST, "/api/profile", &json!({ "name": "Mu", "age": 30 })).await;
    assert_eq!((&half["age"], &half["hasCompletedOnboarding"]), (&"30".into(), &json!(false)));
    let whole = json!({ "userId": "", "name": "Mu", "age": "30", "occupation": "cook", "mission": "eat" });
    for _ in 0..2 {
        let profile = done(&stage.http, Method::POST, "/api/crud?resource=profile", &whole).await;
        assert_eq!((&profile["mission"], &profile["hasCompletedOnboarding"]), (&"eat".into(), &json!(true)));
        assert_eq!(profile["userId"], half["userId"]);
    }
    let saved = done(&stage.http, Method::PUT, "/api/v1/mobile/profile", &json!({ "mission": "eat well" })).await;
    assert_eq!(saved["success"], true);
    let hero = hero(&stage).await;
    let told = ["name", "age", "occupation", "mission", "onboarded"].map(|field| hero[field].clone());
    assert_eq!(told, ["Mu".into(), "30".into(), "cook".into(), "eat well".into(), json!(true)]);
}

#[tokio::test]
async fn nobody_has_a_profile_without_a_name() {
    let stage = Stage::set().await;
    for body in [json!({}), json!({ "age": "30" }), json!({ "name": " " })] {
        for (method, path) in [
            (Method::POST, "/api/profile"),
            (Method::POST, "/api/crud?resource=profile"),
            (Method::PUT, "/api/mobile/profile"),
        ] {
            assert_eq!(code(&call(&stage.http, method, path, &body).await), (400, "fields_invalid"), "{path}");
        }
    }
    assert_eq!(hero(&stage).await["age"], "");
}

#[tokio::test]
async fn stats_are_settings_and_nobody_writes_their_own_level() {
    let stage = Stage::set().await;
    let boast = json!({ "level": 99, "experience": 9, "energyBalls": 48, "streak": 9, "totalTasksCompleted": 9 });
    let stats = done(&stage.http, Method::PATCH, "/api/user-stats", &boast).await;
    let told = ["level", "experience", "energyBalls", "streak", "totalTasksCompleted"].map(|name| stats[name].clone());
    assert_eq!(told, [1, 0, 18, 0, 0].map(Value::from));
    let stats = done(&stage.http, Method::PATCH, "/api/user-stats", &json!({ "maxEnergyBalls": 400 })).await;
    assert_eq!((&stats["maxEnergyBalls"], &stats["energyBalls"]), (&48.into(), &48.into()));
    assert_eq!(hero(&stage).await["energy_max"], 48);
}
