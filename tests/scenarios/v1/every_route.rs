//! What holds for every route of API v1, tried with every route of the table.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command_with, id};
use support::{Account, Answer, Http, tables};

use super::table::{PREFIXES, Route, routes};
use crate::stage::Stage;

const MIB: usize = 1_048_576;

/// What somebody has: the integer ids by the segment that they follow.
struct Owned(BTreeMap<&'static str, i64>);

impl Owned {
    /// A habit, a goal with a milestone, and the core skills; further than `skipped` ids.
    async fn of(account: &Account, skipped: usize) -> Self {
        let (habit, goal, step) = (id(), id(), id());
        let other = (0..skipped).map(|_| command_with("skill.create", id(), json!({ "name": "Other" })));
        let own = [
            command_with("task.create", habit, json!({ "title": "Run", "category": "habit" })),
            command_with("goal.create", goal, json!({ "title": "Summit" })),
            command_with("milestone.create", step, json!({ "title": "Camp", "goal_id": goal })),
        ];
        let receipt = account.commit(&other.chain(own).collect::<Vec<_>>()).await;
        let legacy = |number: usize| receipt["results"][skipped + number]["legacy_id"].as_i64().unwrap();
        let skill = if skipped == 0 { 1 } else { receipt["results"][0]["legacy_id"].as_i64().unwrap() };
        let [habit, goal, step] = [0, 1, 2].map(legacy);
        Self(BTreeMap::from([
            ("tasks", habit),
            ("habits", habit),
            ("goals", goal),
            ("milestones", step),
            ("skills", skill),
        ]))
    }

    fn id(&self, before: &str) -> String {
        self.0.get(before).unwrap_or_else(|| panic!("whose id follows {before}?")).to_string()
    }

    /// The paths of a route, with these ids; one for each resource where a path answers for several.
    fn paths(&self, route: &Route, prefix: &str) -> Vec<String> {
        let path = route.path(prefix, |before| self.id(before));
        match route.template.as_str() {
            "/crud" => ["tasks", "skills", "goals", "profile", "gold", ""]
                .map(|resource| {
                    let id = self.0.get(resource).copied().unwrap_or(1);
                    format!("{path}?resource={resource}&id={id}")
                })
                .into(),
            "/data" => vec![format!("{path}?type=tasks"), path],
            _ => vec![path],
        }
    }
}

/// Bodies that nobody means, by what is wrong with them.
fn rubbish() -> Vec<(&'static str, Vec<u8>)> {
    let long = "长".repeat(5_000);
    let texts =
        json!({ "title": long, "name": long, "description": long, "mission": long, "email": long, "token": long });
    let blank =
        json!({ "title": "", "name": " ", "description": "\n", "email": "", "password": "", "milestones": [""] });
    let misfit = json!({
        "title": ["x"], "name": {}, "description": 7, "id": "seven", "skillId": "x", "goalId": [1], "parentTaskId": {}, "order": "x",
        "completed": "maybe", "expReward": [], "tags": "none", "prerequisites": "1", "sessionDuration": "long", "email": 7,
        "password": null, "refreshToken": {}, "milestones": { "title": "x" }, "level": 99, "userId": "somebody",
    });
    let halves = br#"{"title":"a\ud83d","name":"\udc00b","description":"\ud83d\ud83d","\ud83d":"x"}"#.to_vec();
    let mut large = json!({ "title": "Large", "name": "Large", "description": "x" }).to_string().into_bytes();
    large.resize(MIB, b' ');
    let deep = [b"{\"title\":".repeat(50_000), b"1".to_vec()].concat();
    let mut bodies = vec![
        ("nothing", Vec::new()),
        ("nothing in it", b"{}".to_vec()),
        ("null", b"null".to_vec()),
        ("a list", b"[]".to_vec()),
        ("a list of objects", br#"[{"title":"x"}]"#.to_vec()),
        ("half a body", b"{\"title\":".to_vec()),
        ("a form", b"title=Run".to_vec()),
        ("no UTF-8", b"{\"title\":\"\xff\xfe\"}".to_vec()),
        ("bytes", vec![0, 255, 0]),
        ("halves of characters", halves),
        ("1 MiB", large.clone()),
        ("a deep body", deep),
    ];
    large.push(b' ');
    bodies.push(("more than 1 MiB", large));
    bodies.extend(
        [("long texts", texts), ("blank texts", blank), ("misfits", misfit)]
            .map(|(what, body)| (what, body.to_string().into_bytes())),
    );
    bodies
}

/// Fails unless this is an answer that a client in the field can read.
fn assert_readable(answer: &Answer, at: &str) {
    let shown = String::from_utf8_lossy(&answer.body);
    assert!(answer.status < 500, "{at}: {} {shown}", answer.status);
    let told = answer.json();
    if answer.status != 200 {
        assert!(told["message"].as_str().is_some_and(|text| !text.is_empty()), "{at}: {told}");
        assert_eq!((&told["error"], told["code"].is_string()), (&told["message"], true), "{at}: {told}");
    }
}

#[tokio::test]
async fn rubbish_is_answered_in_words_by_every_route_and_never_with_an_internal_error() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    let owned = Owned::of(&stage.account, 0).await;
    // What is there is asked for before it is deleted.
    let (last, first): (Vec<Route>, Vec<Route>) = routes().into_iter().partition(|route| route.method == "DELETE");
    let mut granted = 0;
    for route in first.iter().chain(&last) {
        // Signing out would end the session of the whole walk.
        let http = if route.template.contains("/auth/") { &nobody } else { &stage.http };
        for (number, (what, body)) in rubbish().into_iter().enumerate() {
            for path in owned.paths(route, PREFIXES[number % 2]) {
                let answer = http.send(route.asked_by(), &path, Some(body.clone())).await;
                assert_readable(&answer, &format!("{what} to {} {path}", route.method));
                granted += usize::from(answer.status == 200);
            }
        }
    }
    assert!(granted > 300, "only {granted} were granted: the rubbish is refused before it is read");
    assert_eq!(stage.http.get("/api/auth/user").await.status, 200, "the account is there as before");
    tables::assert_logs_whole(&stage.sql).await;
}

#[tokio::test]
async fn a_strangers_ids_are_nobodys_on_every_route() {
    let stage = Stage::set().await;
    let stranger = Account::register(&stage.server).await;
    // Ids that one has not got oneself.
    let theirs = Owned::of(&stranger, 30).await;
    Owned::of(&stage.account, 0).await;
    let before = tables::footprint(&stage.sql).await;
    let body = json!({ "title": "Mine", "name": "Mine", "completed": true, "sessionDuration": 25 }).to_string();
    let mut asked = 0;
    for route in routes().into_iter().filter(Route::names_something) {
        for prefix in PREFIXES {
            let path = route.path(prefix, |before| theirs.id(before));
            let answer = stage.http.send(route.asked_by(), &path, (route.method != "GET").then(|| body.clone())).await;
            // Nobody has micro-tasks.
            if !path.ends_with("/micro-tasks") {
                assert_eq!(
                    (answer.status, &answer.json()["code"]),
                    (404, &json!("not_found")),
                    "{} {path}",
                    route.method
                );
                asked += 1;
            }
        }
    }
    for (method, query) in [(Method::PATCH, "tasks"), (Method::PATCH, "skills"), (Method::DELETE, "tasks")] {
        let path = format!("/api/crud?resource={query}&id={}", theirs.id(query));
        assert_eq!(stage.http.send(method, &path, Some(body.clone())).await.status, 404, "{path}");
    }
    assert!(asked > 20, "the walk is short: {asked}");
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn a_slash_at_the_end_finds_every_route() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    for route in routes() {
        for prefix in PREFIXES {
            let path = route.path(prefix, |_| "1".to_owned());
            let ask = async |path: &str| nobody.send(route.asked_by(), path, Some("{}")).await;
            let (plain, slashed) = (ask(&path).await, ask(&format!("{path}/")).await);
            let code = |answer: &Answer| answer.json()["code"].clone();
            assert_eq!((slashed.status, code(&slashed)), (plain.status, code(&plain)), "{} {path}/", route.method);
            assert_ne!(code(&slashed), "route_unknown", "{} {path}/", route.method);
        }
    }
    let keyed = stage.http.with_header("idempotency-key", "k");
    let made = [
        keyed.post("/api/tasks/?x=1", r#"{"title":"Read"}"#).await,
        keyed.post("/api/v1/tasks?x=1", r#"{"title":"Read"}"#).await,
    ];
    assert_eq!((made[0].status, made[0].json()), (200, made[1].json()), "it is the same request");
    assert_eq!(stage.http.get("/api/tasks//").await.status, 404);
    assert_eq!(stage.http.get("/api/v2/tasks/").await.status, 404, "of v1 alone");
}

#[tokio::test]
async fn head_is_answered_as_get_is_without_the_body() {
    let stage = Stage::set().await;
    let owned = Owned::of(&stage.account, 0).await;
    for route in routes().into_iter().filter(|route| route.method == "GET") {
        for prefix in PREFIXES {
            for path in owned.paths(&route, prefix) {
                let (whole, head) =
                    (stage.http.get(&path).await, stage.http.send(Method::HEAD, &path, None::<String>).await);
                assert_eq!((head.status, head.body.len()), (whole.status, 0), "{path}");
                for name in ["content-type", "etag", "x-api-version", "cache-control"] {
                    assert_eq!(head.header(name), whole.header(name), "{name} of {path}");
                }
            }
        }
    }
    assert_eq!(stage.http.send(Method::HEAD, "/api/auth/login", None::<String>).await.status, 405);
    // The connection is as good as before: no body was left on it.
    assert_eq!(stage.http.get("/api/user-stats").await.json()["energyBalls"], 18);
}

#[tokio::test]
async fn names_below_a_list_are_routes_that_are_not_here_but_ids_are_entities() {
    let stage = Stage::set().await;
    let owned = Owned::of(&stage.account, 0).await;
    for prefix in PREFIXES {
        for path in [
            "tasks/quick-create",
            "tasks/batch-create",
            "tasks/auto-assign-skills",
            "goals/generate-milestones",
            "skills/x",
        ] {
            for method in [Method::POST, Method::GET, Method::PUT] {
                let answer =
                    stage.http.send(method.clone(), &format!("{prefix}/{path}"), Some(r#"{"title":"Read"}"#)).await;
                assert_eq!((answer.status, &answer.json()["code"]), (404, &json!("route_unknown")), "{method} {path}");
            }
        }
        let path = format!("{prefix}/tasks/{}", owned.id("tasks"));
        let other = stage.http.post(&path, "{}").await;
        assert_eq!((other.status, other.header("allow")), (405, "PATCH, DELETE"), "{path}");
    }
    assert_eq!(stage.http.get("/api/tasks").await.json().as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn reading_and_writing_at_one_path_have_limits_of_their_own() {
    let limits = infrastructure::config::Limits {
        limit_write: "1/h:2".parse().unwrap(),
        limit_read: "1/h:40".parse().unwrap(),
        ..infrastructure::config::Limits::off()
    };
    let stage = crate::limits::stage(limits).await;
    for _ in 0..5 {
        for path in
            ["/api/tasks", "/api/v1/goals/", "/api/skills", "/api/user-stats", "/api/profile", "/api/mobile/tasks"]
        {
            let read = stage.http.get(path).await;
            assert_eq!((read.status, read.header("ratelimit-limit")), (200, "40"), "{path}");
        }
    }
    let write = async || stage.http.post("/api/tasks", r#"{"title":"Read"}"#).await;
    assert_eq!([write().await.status, write().await.status], [200, 200], "reading took nothing of it");
    let refused = write().await;
    assert_eq!((refused.status, &refused.json()["class"]), (429, &Value::from("write")));
    assert_eq!(stage.http.get("/api/tasks").await.status, 200);
}
