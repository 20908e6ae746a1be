//! Skills over API v1: six from the beginning, and no more of them than six.

use reqwest::Method;
use serde_json::{Value, json};

use super::frame::{PREFIXES, call, code, done, positions_of};
use crate::stage::Stage;

#[tokio::test]
async fn a_parallel_first_load_gives_exactly_six_skills() {
    let stage = Stage::set().await;
    let load = async |number: usize| {
        let path = format!("{}/skills/initialize-core", PREFIXES[number % 2]);
        done(&stage.http, Method::POST, &path, &Value::Null).await
    };
    let loaded = futures_util::future::join_all((0..10).map(load)).await;
    for answer in &loaded {
        assert_eq!(answer["skills"], loaded[0]["skills"]);
    }
    let ids: Vec<i64> = loaded[0]["skills"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6]);
    assert_eq!(stage.http.get("/api/v2/skills").await.json()["items"].as_array().map(Vec::len), Some(6));
}

#[tokio::test]
async fn a_skill_is_made_and_edited_and_levels_are_nobodys_to_write() {
    let stage = Stage::set().await;
    let boast =
        json!({ "name": "Cooking", "level": 99, "exp": 9_000, "maxExp": 1, "talentPoints": 9, "prestige": 9, "id": 1 });
    let made = done(&stage.http, Method::POST, "/api/skills", &boast).await;
    let gains = ["level", "exp", "maxExp", "talentPoints", "prestige"].map(|name| made[name].clone());
    assert_eq!(gains, [1, 0, 100, 0, 0].map(Value::from));
    let path = format!("/api/skills/{}", made["id"]);
    let edited =
        done(&stage.http, Method::PATCH, &path, &json!({ "level": 99, "color": "red", "prerequisites": [3, 1, 99] }))
            .await;
    assert_eq!(
        (&edited["level"], &edited["color"], &edited["prerequisites"]),
        (&1.into(), &"#6366F1".into(), &json!([1, 3]))
    );
    let position = positions_of(&stage.sql, &stage).await;
    assert_eq!(done(&stage.http, Method::PATCH, &path, &edited).await, edited);
    assert_eq!(positions_of(&stage.sql, &stage).await, position, "nothing was changed");
    let fewer = done(&stage.http, Method::PATCH, &path, &json!({ "prerequisites": [3] })).await;
    assert_eq!(fewer["prerequisites"], json!([3]));
    let none = done(&stage.http, Method::PATCH, &path, &json!({ "prerequisites": null })).await;
    assert_eq!(none["prerequisites"], Value::Null);
}

#[tokio::test]
async fn a_skill_has_a_name() {
    let stage = Stage::set().await;
    for body in [json!({}), json!({ "name": null }), json!({ "name": [7] })] {
        assert_eq!(
            code(&call(&stage.http, Method::POST, "/api/skills", &body).await),
            (400, "fields_invalid"),
            "{body}"
        );
    }
    let named = done(&stage.http, Method::POST, "/api/skills", &json!({ "name": " " })).await;
    assert_eq!(named["name"], "未命名");
    let path = format!("/api/skills/{}", named["id"]);
    assert_eq!(done(&stage.http, Method::PATCH, &path, &json!({ "name": "" })).await["name"], "未命名");
    let long = done(&stage.http, Method::PATCH, &path, &json!({ "name": "厨".repeat(80) })).await;
    assert_eq!(long["name"], "厨".repeat(50));
}
