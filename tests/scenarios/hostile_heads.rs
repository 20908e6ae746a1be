//! Heads of requests that want more than to ask: too large, with tokens where none are read, with headers inside of values.

use serde_json::json;
use support::{Answer, Browser, Http, Socket};

use crate::stage::Stage;

const ME: &str = "/api/v2/auth/me";

/// What a request that is not granted is told.
fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}

#[tokio::test]
async fn a_token_in_the_url_is_never_read() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    for name in ["access_token", "token", "authorization", "auth", "bearer"] {
        for path in [ME, "/api/v2/events", "/api/v2/changes", "/api/v2/snapshot", "/api/v2/tasks"] {
            let answer = nobody.get(&format!("{path}?{name}={}", stage.http.token())).await;
            assert_eq!(refused(&answer), (401, "token_missing".to_owned()), "{name} at {path}");
        }
    }
    let path = format!("/api/v2/stream?access_token={}", stage.http.token());
    let mut socket = Socket::try_open_at(&nobody, &path).await.unwrap();
    socket.say(&json!({ "type": "subscribe", "space": null, "cursor": null })).await;
    assert_eq!(socket.hear().await["code"], "token_missing");
    assert_eq!(socket.next().await, Err(Some(4401)));
}

#[tokio::test]
async fn headers_and_cookies_of_any_size_are_refused_and_never_break_the_server() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    for kib in [17, 60, 100] {
        let large = "x".repeat(kib * 1_024);
        let planted = browser.planted("other", Some(&large));
        assert_eq!(refused(&planted.http("/").get(ME).await), (431, "headers_too_large".to_owned()), "{kib} KiB");
        let header = stage.http.with_header("x-anything", &large);
        assert_eq!(refused(&header.get(ME).await), (431, "headers_too_large".to_owned()), "{kib} KiB");
    }
    let beyond = stage.http.with_header("x-anything", &"x".repeat(1_024 * 1_024));
    if let Ok(answer) = beyond.request(reqwest::Method::GET, ME).send().await {
        assert!([400, 431].contains(&answer.status().as_u16()), "{}", answer.status());
    }
    // A cookie of some other program that nobody can read does not hide ours.
    for odd in ["", "%%%", "a b", "\"", "="] {
        let mut page = browser.planted("__odd", Some(odd));
        assert_eq!(page.get(ME).await.status, 200, "{odd:?}");
    }
}

#[tokio::test]
async fn nothing_that_a_client_says_becomes_a_header_of_its_own() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let evil = "%0d%0aX-Evil:%201%0d%0aSet-Cookie:%20evil=1";
    for path in [
        format!("/{evil}"),
        format!("/docs{evil}"),
        format!("/docs/{evil}"),
        format!("/api/v2/tasks/{evil}"),
        format!("/api/v2/tasks?sort={evil}"),
        format!("/api/v2/changes?cursor={evil}"),
        format!("/api/v2/snapshot?page={evil}"),
    ] {
        for http in [&stage.http, &browser.http("/")] {
            assert_no_evil(&http.get(&path).await, &path);
        }
    }
    for name in ["x-request-id", "origin", "if-none-match", "x-csrf-token", "x-api-version", "last-event-id", "accept"]
    {
        for value in [evil, "a, X-Evil: 1", "\tX-Evil:\t1"] {
            let answer = stage.http.with_header(name, value).get("/api/v2/tasks").await;
            assert_no_evil(&answer, name);
            assert!(answer.status < 500, "{name}: {value}");
        }
    }
    let mut page = browser.secret(Some(evil));
    assert_no_evil(&page.refresh().await, "the secret");
}

fn assert_no_evil(answer: &Answer, place: &str) {
    assert!(!answer.headers.contains_key("x-evil"), "{place}");
    for (name, value) in &answer.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).to_lowercase();
        assert!(!value.contains("evil"), "{place}: {name}: {value}");
    }
}
