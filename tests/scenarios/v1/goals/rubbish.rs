//! Whatever old clients send: an answer in their words, never a failure, never something half done.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::{Map, Value, json};
use support::{Http, answer, tables};

use super::frame::{PREFIXES, call, code, done};
use super::new_goal;
use crate::stage::Stage;

const MEMBERS: [&str; 32] = [
    "title",
    "description",
    "completed",
    "completedAt",
    "status",
    "priority",
    "targetDate",
    "parentGoalId",
    "skillId",
    "expReward",
    "milestones",
    "order",
    "goalId",
    "name",
    "color",
    "icon",
    "skillType",
    "category",
    "unlocked",
    "prerequisites",
    "level",
    "id",
    "userId",
    "maxEnergyBalls",
    "energyBallDuration",
    "energyPeakStart",
    "energyPeakEnd",
    "age",
    "occupation",
    "mission",
    "hasCompletedOnboarding",
    "hasCompletedTutorial",
];

/// Every route of goals, milestones, skills and the hero; `{}` is an id.
fn routes() -> Vec<(Method, &'static str)> {
    vec![
        (Method::POST, "/goals"),
        (Method::POST, "/goals/intelligent-create"),
        (Method::PATCH, "/goals/{}"),
        (Method::DELETE, "/goals/{}"),
        (Method::PATCH, "/goals/{}/milestones/{}"),
        (Method::POST, "/milestones"),
        (Method::POST, "/skills"),
        (Method::PATCH, "/skills/{}"),
        (Method::POST, "/skills/initialize-core"),
        (Method::PATCH, "/user-stats"),
        (Method::POST, "/profile"),
        (Method::PUT, "/mobile/profile"),
        (Method::POST, "/crud?resource=profile"),
        (Method::POST, "/crud?resource=tasks"),
        (Method::POST, "/crud?resource=skills"),
        (Method::POST, "/crud?resource=goals"),
        (Method::PATCH, "/crud?resource=skills&id={}"),
        (Method::PATCH, "/crud?resource=tasks&id={}"),
        (Method::DELETE, "/crud?resource=tasks&id={}"),
    ]
}

fn text(chance: &mut StdRng) -> Value {
    const TEXTS: [&str; 14] = [
        "",
        " ",
        "x",
        "跑",
        "\0",
        "\u{feff}",
        "banana",
        "completed",
        "2026-10-24",
        "24.10.2026",
        "-5",
        "NaN",
        "#12345G",
        "👩‍👩‍👧‍👦",
    ];
    match chance.random_range(0..16) {
        at @ 0..14 => TEXTS[at].into(),
        14 => "語".repeat(5_000).into(),
        _ => chance.random::<u64>().to_string().into(),
    }
}

fn value(chance: &mut StdRng, depth: usize) -> Value {
    match chance.random_range(0..10) {
        0 => Value::Null,
        1 => chance.random::<bool>().into(),
        2 => chance.random_range(-3..20).into(),
        3 => chance.random::<i64>().into(),
        4 => json!(f64::from_bits(chance.random())),
        5 | 6 => text(chance),
        7 if depth > 0 => (0..chance.random_range(0..5)).map(|_| value(chance, depth - 1)).collect(),
        8 if depth > 0 => object(chance, depth - 1),
        _ => u64::MAX.into(),
    }
}

fn object(chance: &mut StdRng, depth: usize) -> Value {
    let members = (0..chance.random_range(0..12)).map(|_| {
        let member = MEMBERS[chance.random_range(0..MEMBERS.len())];
        (member.to_owned(), value(chance, depth))
    });
    Value::Object(members.collect::<Map<_, _>>())
}

#[tokio::test]
async fn no_json_makes_the_server_fail() {
    let stage = Stage::set().await;
    new_goal(&stage.http, &["Start", "End"]).await;
    let mut granted = 0;
    for seed in 0..400 {
        let mut chance = StdRng::seed_from_u64(seed);
        let routes = routes();
        let (method, path) = routes[chance.random_range(0..routes.len())].clone();
        let path = path.split("{}").collect::<Vec<_>>().join(&chance.random_range(1..30).to_string());
        let path = format!("{}{path}", PREFIXES[chance.random_range(0..2)]);
        let body = object(&mut chance, 3);
        let (status, answer) = call(&stage.http, method.clone(), &path, &body).await;
        assert!([200, 400, 404].contains(&status), "seed {seed}: {method} {path} {body}: {status} {answer}");
        assert!(status == 200 || answer["message"].is_string() && answer["error"].is_string(), "{answer}");
        granted += usize::from(status == 200);
    }
    assert!(granted > 40, "nearly all was refused: {granted}");
    tables::assert_logs_whole(&stage.sql).await;
}

/// What comes back for a body that is no JSON object.
async fn send(http: &Http, method: &Method, path: &str, body: &[u8]) -> (u16, Value) {
    let answer =
        answer(http.request(method.clone(), path).header("content-type", "text/plain").body(body.to_vec())).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_body_is_an_object_whatever_it_calls_itself_or_it_is_refused() {
    let stage = Stage::set().await;
    let nested = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    for (method, path) in routes().into_iter().filter(|(method, _)| *method != Method::DELETE) {
        let path = format!("/api{}", path.replace("{}", "1"));
        for bad in [&b"null"[..], b"[]", b"7", b"{", b"title=Run", b"\xff\xfe", &nested] {
            assert_eq!(code(&send(&stage.http, &method, &path, bad).await), (400, "body_invalid"), "{method} {path}");
        }
    }
    let (status, goal) = send(&stage.http, &Method::POST, "/api/goals", br#" {"title":"Run"} "#).await;
    assert_eq!((status, &goal["title"]), (200, &"Run".into()));
    // Half of an emoji costs nobody the rest.
    let halves = br#"{"title":"Run \ud83d","description":"\ude00 far \ud83d\ude00"}"#;
    let (status, cut) = send(&stage.http, &Method::POST, "/api/goals", halves).await;
    let kept = (200, &"Run \u{fffd}".into(), &"\u{fffd} far 😀".into());
    assert_eq!((status, &cut["title"], &cut["description"]), kept);
    let (status, _) = send(&stage.http, &Method::PATCH, &format!("/api/goals/{}", goal["id"]), b"").await;
    assert_eq!(status, 200);
    let missing = call(&stage.http, Method::POST, "/api/goals", &Value::Null).await;
    assert_eq!(code(&missing), (400, "fields_invalid"));
}

#[tokio::test]
async fn ids_that_are_none_are_refused_and_strangers_come_nowhere() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    for (method, path) in routes() {
        for prefix in PREFIXES {
            let path = format!("{prefix}{path}");
            let (status, answer) = call(&nobody, method.clone(), &path.replace("{}", "1"), &json!({})).await;
            assert_eq!((status, answer["message"].is_string()), (401, true), "{method} {path}: {answer}");
            if path.contains("{}") {
                for bad in ["x", "1.5", "99999999999", "NaN", "%00"] {
                    let (status, answer) =
                        call(&stage.http, method.clone(), &path.replace("{}", bad), &json!({})).await;
                    assert_eq!(status, 400, "{method} {path} {bad}: {answer}");
                }
            }
        }
    }
    assert_eq!(done(&stage.http, Method::POST, "/api/goals", &json!({ "title": "" })).await["title"], "未命名");
}
