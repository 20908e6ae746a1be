//! The tokens of clients of v1: long access tokens, refresh tokens that rotate, and neither for the other.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};
use support::{Database, Http, TestServer};

use super::{login, of, post, refused, register, text};
use crate::newcomer::address;
use crate::sign_in::let_the_grace_pass;

fn lifetime_s(token: &str) -> i64 {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let payload: Value = serde_json::from_slice(&payload).unwrap();
    payload["exp"].as_i64().unwrap() - payload["iat"].as_i64().unwrap()
}

async fn refresh(http: &Http, token: &str) -> support::Answer {
    post(http, "/auth/refresh", json!({ "refreshToken": token })).await
}

#[tokio::test]
async fn access_tokens_of_v1_live_seven_days_and_those_of_v2_as_long_as_ever() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email) = (Http::nobody(server.url()), address());
    let registered = register(&nobody, &email).await.json();
    let signed_in = login(&nobody, &email).await.json();
    let refreshed = refresh(&nobody, text(&signed_in, "refreshToken")).await.json();
    for body in [&registered, &signed_in, &refreshed] {
        assert_eq!(lifetime_s(text(body, "accessToken")), 7 * 24 * 60 * 60);
    }
    let by_v2 = json!({ "refresh_token": refreshed["refreshToken"] }).to_string();
    let by_v2 = nobody.post("/api/v2/auth/refresh", by_v2).await.json();
    assert_eq!(lifetime_s(text(&by_v2, "access_token")), 15 * 60);
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_get_the_same_and_a_later_use_ends_the_session() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email, sql) = (Http::nobody(server.url()), address(), database.connect().await);
    let first = register(&nobody, &email).await.json();
    let token = text(&first, "refreshToken");
    let (one, two) = join(refresh(&nobody, token), refresh(&nobody, token)).await;
    assert_eq!((one.status, two.status), (200, 200));
    assert_eq!(one.json()["refreshToken"], two.json()["refreshToken"]);
    assert_eq!(refresh(&nobody, token).await.json()["refreshToken"], one.json()["refreshToken"], "within the grace");
    let user = of(&nobody, &two).get("/api/auth/user").await;
    assert_eq!((user.status, &user.json()["email"]), (200, &json!(email)));

    let_the_grace_pass(&sql).await;
    let replayed = refresh(&nobody, token).await;
    assert_eq!(refused(&replayed), (403, "refresh_token_invalid".to_owned()));
    assert_eq!(replayed.json()["because"], "replayed");
    assert_eq!(refused(&of(&nobody, &one).get("/api/auth/user").await), (401, "session_revoked".to_owned()));
    assert_eq!(refresh(&nobody, text(&one.json(), "refreshToken")).await.status, 403);
}

#[tokio::test]
async fn a_refresh_token_opens_nothing_and_an_access_token_refreshes_nothing() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email) = (Http::nobody(server.url()), address());
    let first = register(&nobody, &email).await.json();
    let as_access = nobody.with_token(text(&first, "refreshToken"));
    for path in ["/api/auth/user", "/api/v1/auth/user", "/api/tasks", "/api/v2/auth/me"] {
        assert_eq!(as_access.get(path).await.status, 401, "{path}");
    }
    assert_eq!(refused(&as_access.get("/api/mobile/auth/me").await), (403, "token_invalid".to_owned()));
    assert_eq!(refused(&nobody.get("/api/mobile/auth/me").await), (401, "token_missing".to_owned()));
    for path in ["/auth/refresh", "/mobile/auth/refresh"] {
        let bad = [first["accessToken"].clone(), json!("x"), json!("A".repeat(43)), json!("\0")];
        for token in bad {
            let answer = post(&nobody, path, json!({ "refreshToken": token })).await;
            assert_eq!(refused(&answer), (403, "refresh_token_invalid".to_owned()), "{path} {token}");
        }
        for none in
            [json!({}), json!({ "refreshToken": null }), json!({ "refreshToken": 7 }), json!({ "refreshToken": "" })]
        {
            assert_eq!(refused(&post(&nobody, path, none.clone()).await).0, 401, "{path} {none}");
        }
    }
    assert_eq!(refresh(&nobody, text(&first, "refreshToken")).await.status, 200, "none of it used the token up");
}

#[tokio::test]
async fn whoever_signs_out_is_out_and_signing_out_twice_is_no_mistake() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email) = (Http::nobody(server.url()), address());
    let first = register(&nobody, &email).await;
    let (http, other) = (of(&nobody, &first), of(&nobody, &login(&nobody, &email).await));
    for http in [&http, &http, &nobody, &nobody.with_token("garbage")] {
        let answer = http.send(Method::POST, "/api/auth/logout", None::<String>).await;
        assert_eq!(answer.status, 200);
        assert!(!text(&answer.json(), "message").is_empty());
    }
    assert_eq!(http.get("/api/auth/user").await.status, 401);
    assert_eq!(refresh(&nobody, text(&first.json(), "refreshToken")).await.status, 403);
    assert_eq!(other.get("/api/auth/user").await.status, 200);
}
