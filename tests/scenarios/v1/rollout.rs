//! Accounts that move from the legacy server in steps: a flag says who is served here, and everybody else's requests are
//! refused so that a proxy can pass them on.

use domain::flag::Flag;
use domain::id::AccountId;
use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, Http};

use super::auth::{PASSWORD, login, of, post, refused, register, text};
use crate::newcomer::address;
use crate::people::{ask, promote};
use crate::stage::Stage;

const STEP: &str = include_str!("../../../docs/operations/queries/rollout_step.sql");

const ELSEWHERE: (u16, &str) = (421, "account_elsewhere");
/// As the legacy server signs them: nothing that this server could read.
const THEIRS: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VySWQiOiIzMTU4MTU5NSIsImVtYWlsIjoiYUBiLmMiLCJpYXQiOjE3OTI4ODY0MDAsImV4cCI6MTc5MzQ5MTIwMH0.c2lnbmF0dXJl";

/// Sets the flag, whatever it was.
async fn set(stage: &Stage, mut flag: Value) {
    let path = "/api/v2/admin/flags/new_backend";
    let (_, held) = ask(&stage.http, Method::GET, path, None).await;
    if let Some(version) = held["version"].as_i64() {
        flag["version"] = version.into();
    }
    let (status, said) = ask(&stage.http, Method::PUT, path, Some(&flag.to_string())).await;
    assert_eq!(status, 200, "{said}");
}

fn assert_elsewhere(answer: &Answer, what: &str) {
    let (status, code) = refused(answer);
    assert_eq!((status, code.as_str()), ELSEWHERE, "{what}");
}

async fn refresh(http: &Http, token: &str) -> Answer {
    post(http, "/auth/refresh", json!({ "refreshToken": token })).await
}

#[tokio::test]
async fn without_the_flag_everybody_is_served_here() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    let http = of(&nobody, &register(&nobody, &address()).await);
    assert_eq!(http.get("/api/backend").await.json(), json!({ "backend": "new" }));
    assert_eq!(refused(&nobody.with_token(THEIRS).get("/api/tasks").await), (401, "token_invalid".to_owned()));
}

#[tokio::test]
async fn who_has_not_moved_is_refused_for_the_proxy_to_pass_on() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let (nobody, moved, stays) = (Http::nobody(stage.server.url()), address(), address());
    let first = register(&nobody, &moved).await;
    let second = register(&nobody, &stays).await;
    let id = first.json()["user"]["id"].clone();
    set(&stage, json!({ "on": true, "percentage": 0, "allow": [id] })).await;
    let (here, there) = (of(&nobody, &first), of(&nobody, &second));

    for prefix in ["/api", "/api/v1"] {
        for path in ["/auth/user", "/tasks", "/nothing"] {
            let path = format!("{prefix}{path}");
            assert_ne!(here.get(&path).await.status, 421, "{path}");
            assert_elsewhere(&there.get(&path).await, &path);
            assert_elsewhere(&nobody.with_token(THEIRS).get(&path).await, &path);
        }
    }
    assert_eq!(here.get("/api/backend").await.json(), json!({ "backend": "new" }));
    assert_eq!(there.get("/api/backend").await.json(), json!({ "backend": "legacy" }));
    assert_eq!(there.get("/api/v2/tasks").await.status, 200, "v2 is this server's alone");

    assert_eq!(login(&nobody, &moved).await.status, 200);
    assert_elsewhere(&login(&nobody, &stays).await, "a sign-in");
    assert_elsewhere(&login(&nobody, &address()).await, "a sign-in of nobody here");
    assert_elsewhere(&register(&nobody, &address()).await, "a registration");
    assert_eq!(refused(&register(&nobody, &moved).await), (400, "email_taken".to_owned()));
    assert_eq!(refresh(&nobody, text(&first.json(), "refreshToken")).await.status, 200);
    assert_elsewhere(&refresh(&nobody, text(&second.json(), "refreshToken")).await, "a refresh");
    assert_elsewhere(&refresh(&nobody, THEIRS).await, "a refresh with a token of the other");
    assert_elsewhere(&post(&nobody, "/auth/request-password-reset", json!({ "email": stays })).await, "a mail");
    assert_eq!(post(&nobody, "/auth/request-password-reset", json!({ "email": moved })).await.status, 200);
    let reset = json!({ "token": "a".repeat(64), "newPassword": PASSWORD });
    assert_elsewhere(&post(&nobody, "/auth/reset-password", reset).await, "a token of the other");
    let wrong = post(&nobody, "/auth/login", json!({ "email": moved, "password": "wrong horse" })).await;
    assert_eq!(refused(&wrong), (401, "credentials_invalid".to_owned()), "who has moved is refused here");
    assert_eq!(refused(&nobody.get("/api/tasks").await), (401, "token_missing".to_owned()));
}

#[tokio::test]
async fn at_a_hundred_percent_everybody_is_served_here_and_back_at_nothing_nobody() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let (nobody, email) = (Http::nobody(stage.server.url()), address());
    set(&stage, json!({ "on": true, "percentage": 100 })).await;
    let registered = register(&nobody, &email).await;
    let http = of(&nobody, &registered);
    assert_eq!(http.get("/api/auth/user").await.status, 200);
    assert_eq!(refused(&nobody.with_token(THEIRS).get("/api/tasks").await), (401, "token_invalid".to_owned()));
    assert_eq!(refused(&refresh(&nobody, THEIRS).await), (403, "refresh_token_invalid".to_owned()));
    set(&stage, json!({ "on": true, "percentage": 0 })).await;
    assert_elsewhere(&http.get("/api/auth/user").await, "back");
    assert_elsewhere(&refresh(&nobody, text(&registered.json(), "refreshToken")).await, "back");
    assert_elsewhere(&login(&nobody, &email).await, "back");
    set(&stage, json!({ "on": true, "percentage": 100 })).await;
    assert_eq!(http.get("/api/auth/user").await.status, 200, "and here again, still signed in");
}

#[tokio::test]
async fn the_query_for_a_step_lists_whom_the_flag_takes() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    for _ in 0..4 {
        assert_eq!(register(&nobody, &address()).await.status, 200);
    }
    let imported = "UPDATE accounts SET legacy_user_id = account_id::text WHERE account_id <> $1";
    stage.sql.execute(imported, &[&stage.account.space()]).await.unwrap();
    assert!(STEP.contains("place < 10"));
    let rows = stage.sql.query(&STEP.replace("place < 10", "place < 100"), &[]).await.unwrap();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let (account, place) = (AccountId(row.get("account_id")), row.get::<_, i32>("place"));
        let takes = |percentage: i32| {
            let percentage = percentage.try_into().unwrap();
            Flag { name: "new_backend".to_owned(), is_on: true, percentage, ..Flag::default() }.is_on_for(account)
        };
        assert!(!takes(place) && takes(place + 1), "{place}");
    }
}
