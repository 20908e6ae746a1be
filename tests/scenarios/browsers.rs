//! Browsers: tokens in cookies, the secret that goes with them, and which pages are believed.

use serde_json::{Value, json};
use support::commands::{create_task, id, new_task, transaction};
use support::{Account, Answer, Browser, Http, Setup, Socket, Sse, TestServer, tables};
use tokio_tungstenite::tungstenite::Error;

use crate::stage::Stage;

const ME: &str = "/api/v2/auth/me";
const LISTED: &str = "https://app.example.org";

/// What a page that may not do this is told.
fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}

#[tokio::test]
async fn a_browser_signs_in_without_seeing_a_token() {
    let stage = Stage::set().await;
    let mut browser = Browser::at(&stage.server);
    let answer = browser.sign_in("login", &stage.account.credentials).await;
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    assert!(body["access_token"].is_null() && body["refresh_token"].is_null(), "{body}");
    assert_eq!(body["account"]["id"], json!(stage.account.space()));
    assert!(body["expires_in"].is_i64() && body["session_id"].is_string() && body["device_id"].is_string());
    let text = body.to_string();
    for hidden in ["levelup_access", "levelup_refresh"] {
        assert!(!text.contains(&browser.cookie(hidden).value), "{hidden} is in the answer");
    }
    assert_eq!(body["csrf_token"], json!(browser.cookie("levelup_csrf").value));
    assert_eq!(browser.get(ME).await.json()["session_id"], body["session_id"]);
    assert_eq!(browser.write(&new_task("Read a chapter")).await.receipts()[0]["status"], "committed");
}

#[tokio::test]
async fn the_cookies_are_for_this_host_and_the_tokens_for_no_script() {
    let stage = Stage::set().await;
    let local = Browser::login(&stage.server, &stage.account.credentials).await;
    assert_eq!(local.cookies(), ["levelup_access", "levelup_csrf", "levelup_refresh"]);
    let mut remote = Browser::at(&stage.server).host("sync.example.org").page(None);
    assert_eq!(remote.sign_in("login", &stage.account.credentials).await.status, 200);
    assert_eq!(remote.cookies(), ["__Host-levelup_access", "__Host-levelup_csrf", "__Secure-levelup_refresh"]);
    for (browser, names, is_secure) in [
        (&local, ["levelup_access", "levelup_refresh", "levelup_csrf"], false),
        (&remote, ["__Host-levelup_access", "__Secure-levelup_refresh", "__Host-levelup_csrf"], true),
    ] {
        let wanted = [("/", "900", true), ("/api/v2/auth", "5184000", true), ("/", "5184000", false)];
        for (name, (path, max_age, hidden)) in names.into_iter().zip(wanted) {
            let has = |attribute: &str| browser.cookie(name).attributes.get(attribute).map(String::as_str);
            assert_eq!((has("path"), has("max-age"), has("samesite")), (Some(path), Some(max_age), Some("Strict")));
            assert_eq!((has("httponly").is_some(), has("secure").is_some()), (hidden, is_secure), "{name}");
            assert_eq!(has("domain"), None, "{name}");
        }
    }
    assert_eq!(remote.get(ME).await.status, 200);
    // A sibling domain can plant a cookie without the prefix; it is not looked at.
    let planted = local.cookie("levelup_access").value.clone();
    let mut fixed = Browser::at(&stage.server).host("sync.example.org").page(None);
    fixed = fixed.planted("levelup_access", Some(&planted));
    assert_eq!(refused(&fixed.get(ME).await), (401, "token_missing".to_owned()));
}

#[tokio::test]
async fn a_browser_that_only_sends_cookies_reads_and_writes_nothing() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let (stranger, _) = Browser::register(&stage.server).await;
    let twice = Browser::login(&stage.server, &stage.account.credentials).await;
    let before = tables::footprint(&stage.sql).await;
    let long = "A".repeat(5_000);
    for secret in [None, Some(""), Some("x"), Some(long.as_str()), Some(stranger.said()), Some(twice.said())] {
        let answer = browser.secret(secret).write(&new_task("Forged")).await;
        assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()), "{secret:?}");
    }
    let mut planted = browser.planted("levelup_csrf", Some(stranger.said())).secret(Some(stranger.said()));
    let answer = planted.write(&new_task("Forged")).await;
    assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()), "the cookie proves nothing by itself");
    let both = browser.http("/api/v2").with_header("x-csrf-token", browser.said());
    let both = both.with_header("x-csrf-token", stranger.said());
    let answer = both.write(&json!({ "transactions": [new_task("Forged")] })).await;
    assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()), "two secrets");
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn pages_of_other_origins_are_refused_whatever_they_know() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let other_port = "http://127.0.0.1:1";
    let upper = stage.server.url().to_uppercase().replace("HTTP", "http");
    let before = tables::footprint(&stage.sql).await;
    for origin in ["null", "", "https://evil.example", other_port, "file://", &format!("{}.evil", stage.server.url())] {
        let mut page = browser.page(Some(origin));
        let answer = page.write(&new_task("Forged")).await;
        assert_eq!(refused(&answer), (403, "origin_refused".to_owned()), "{origin}");
        assert_eq!(refused(&page.get(ME).await), (403, "origin_refused".to_owned()), "{origin}");
        let answer = page.refresh().await;
        assert_eq!(refused(&answer), (403, "origin_refused".to_owned()), "{origin}");
    }
    let cross = browser.page(None).http("/").with_header("sec-fetch-site", "cross-site");
    let cross = cross.with_header("x-csrf-token", browser.said());
    let answer = cross.write(&json!({ "transactions": [new_task("Forged")] })).await;
    assert_eq!(refused(&answer), (403, "origin_refused".to_owned()));
    assert_eq!(tables::footprint(&stage.sql).await, before);
    for origin in [None, Some(stage.server.url()), Some(upper.as_str())] {
        assert_eq!(browser.page(origin).write(&new_task("Own")).await.status, 200, "{origin:?}");
    }
}

#[tokio::test]
async fn pages_of_the_origins_that_the_operator_named_are_believed() {
    let stage = Stage::set().await;
    let mut setup = Setup::of(&stage.database);
    setup.serving.http.origins = vec![LISTED.to_owned()];
    setup.serving.http.public_url = "http://sync.example.org:8443/level-up".to_owned();
    let server = TestServer::start_with(setup);
    let mut browser = Browser::at(&server).page(Some(LISTED));
    assert_eq!(browser.sign_in("login", &stage.account.credentials).await.status, 200);
    for origin in [LISTED, "http://sync.example.org:8443", server.url()] {
        assert_eq!(browser.page(Some(origin)).write(&new_task("Listed")).await.status, 200, "{origin}");
        let http = browser.page(Some(origin)).http("/");
        Socket::try_open(&http, None, false).await.unwrap().assert_usable().await;
    }
    let answer = browser.page(Some("https://sync.example.org:8443")).write(&new_task("Forged")).await;
    assert_eq!(refused(&answer), (403, "origin_refused".to_owned()));
}

#[tokio::test]
async fn another_page_cannot_sign_a_browser_in_to_an_account_of_its_own() {
    let stage = Stage::set().await;
    for origin in ["null", "https://evil.example"] {
        let mut browser = Browser::at(&stage.server).page(Some(origin));
        let answer = browser.sign_in("login", &stage.account.credentials).await;
        assert_eq!(refused(&answer), (403, "origin_refused".to_owned()), "{origin}");
        assert!(browser.cookies().is_empty());
    }
}

#[tokio::test]
async fn a_token_in_the_header_wins_over_cookies_and_needs_no_secret() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let other = Account::register(&stage.server).await;
    let both = browser.http("/").with_token(other.http().await.token());
    assert_eq!(both.get(ME).await.json()["account"]["id"], json!(other.space()));
    assert_eq!(both.write(&json!({ "transactions": [new_task("By header")] })).await.status, 200);
    let bad = browser.http("/").with_token("garbage");
    assert_eq!(refused(&bad.get(ME).await), (401, "token_invalid".to_owned()), "no second guess");
    let borrowed = Http::nobody(stage.server.url()).with_token(&browser.cookie("levelup_access").value);
    assert_eq!(borrowed.write(&json!({ "transactions": [new_task("Borrowed")] })).await.status, 200);
}

#[tokio::test]
async fn a_browser_refreshes_by_cookie_and_keeps_its_secret() {
    let stage = Stage::set().await;
    let mut browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let old = browser.clone();
    let answer = browser.refresh().await;
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    assert!(body["access_token"].is_null() && body["refresh_token"].is_null(), "{body}");
    assert_eq!(body["csrf_token"], json!(old.said()));
    assert_ne!(browser.cookie("levelup_refresh"), old.cookie("levelup_refresh"));
    assert_eq!(browser.cookie("levelup_csrf"), old.cookie("levelup_csrf"));
    assert_eq!(browser.write(&new_task("After")).await.status, 200);
    assert_eq!(old.clone().write(&new_task("The other tab")).await.status, 200);
    let with_body = browser.send(reqwest::Method::POST, "/api/v2/auth/refresh", Some(&json!({}))).await;
    assert_eq!(with_body.status, 200);
    let mut nobody = Browser::at(&stage.server).secret(Some(old.said()));
    assert_eq!(refused(&nobody.refresh().await), (422, "body_invalid".to_owned()));
}

#[tokio::test]
async fn a_refresh_by_cookie_without_the_sessions_secret_uses_nothing_up() {
    let stage = Stage::set().await;
    let mut browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let (stranger, _) = Browser::register(&stage.server).await;
    for secret in [None, Some("x"), Some(stranger.said())] {
        let answer = browser.secret(secret).refresh().await;
        assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()), "{secret:?}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    // Another account's token, planted: the browser's own secret does not fit it.
    let foreign = stranger.cookie("levelup_refresh").value.clone();
    let answer = browser.planted("levelup_refresh", Some(&foreign)).refresh().await;
    assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()));
    let of_app = apps_refresh_token(&stage).await;
    let answer = browser.planted("levelup_refresh", Some(&of_app)).refresh().await;
    assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()), "an app's session has no secret");
    for garbage in ["", "garbage", &"A".repeat(43)] {
        let answer = browser.planted("levelup_refresh", Some(garbage)).refresh().await;
        assert_eq!(refused(&answer), (401, "refresh_token_invalid".to_owned()), "{garbage}");
    }
    assert_eq!(browser.refresh().await.status, 200, "its own is still good");
}

async fn apps_refresh_token(stage: &Stage) -> String {
    let credentials = &stage.account.credentials;
    let body = json!({ "email": credentials.email, "password": credentials.password });
    let answer = Http::nobody(stage.server.url()).post("/api/v2/auth/login", body.to_string()).await.json();
    assert!(answer["csrf_token"].is_null(), "{answer}");
    answer["refresh_token"].as_str().expect("a refresh token in the answer").to_owned()
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_both_live() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let answers = tokio::join!(one.refresh(), two.refresh());
    assert_eq!((answers.0.status, answers.1.status), (200, 200), "{} {}", answers.0.json(), answers.1.json());
    for tab in [&mut one, &mut two] {
        assert_eq!(tab.write(&new_task("A tab")).await.status, 200);
    }
    assert_eq!(one.cookie("levelup_csrf"), two.cookie("levelup_csrf"));
    assert_eq!(two.refresh().await.status, 200, "what both hold is the same");
}

#[tokio::test]
async fn two_browsers_and_a_phone_share_an_account_and_no_session() {
    let stage = Stage::set().await;
    let mut browsers = [
        Browser::login(&stage.server, &stage.account.credentials).await,
        Browser::login(&stage.server, &stage.account.credentials).await,
    ];
    let tasks = [id(), id(), id()];
    stage.account.commit(&[create_task(tasks[0], "From the phone")]).await;
    for (browser, task) in browsers.iter_mut().zip(&tasks[1..]) {
        let receipt = browser.write(&transaction(&[create_task(*task, "From a browser")])).await.receipts().remove(0);
        assert_eq!(receipt["status"], "committed", "{receipt}");
    }
    let mut sessions = vec![stage.http.get(ME).await.json()["session_id"].clone()];
    for browser in &mut browsers {
        sessions.push(browser.get(ME).await.json()["session_id"].clone());
        let page = browser.get("/api/v2/changes?limit=1000").await.json();
        let seen = |task| page["changes"].as_array().unwrap().iter().any(|change| change["id"] == json!(task));
        assert!(tasks.iter().all(seen), "{page}");
    }
    sessions.dedup();
    assert_eq!(sessions.len(), 3);
    let mut mixed = browsers[0].secret(Some(browsers[1].said()));
    assert_eq!(mixed.write(&new_task("Mixed")).await.status, 403);
}

#[tokio::test]
async fn a_live_connection_opens_by_cookie_for_pages_that_are_believed_only() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let mut socket = Socket::try_open(&browser.http("/"), Some("levelup.v2.json"), false).await.unwrap();
    socket.subscribe(None).await;
    assert_eq!(socket.hear().await["type"], "changes");
    assert_eq!(socket.write(&[new_task("By cookie")]).await[0]["status"], "committed");
    for origin in [None, Some("null"), Some("https://evil.example"), Some("http://127.0.0.1:1")] {
        let refused = *Socket::try_open(&browser.page(origin).http("/"), None, false).await.expect_err("a refusal");
        let Error::Http(response) = refused else { panic!("{origin:?}: {refused}") };
        assert_eq!(response.status(), 403, "{origin:?}");
        let problem: Value = serde_json::from_slice(response.body().as_deref().unwrap()).unwrap();
        assert_eq!(problem["code"], "origin_refused", "{origin:?}");
    }
    // Without the cookie any page may open one: it has nothing to say until a token comes.
    let page = Browser::at(&stage.server).page(Some("https://evil.example"));
    let mut socket = Socket::try_open(&page.http("/"), None, false).await.unwrap();
    socket.say(&json!({ "type": "auth", "token": stage.http.token() })).await;
    socket.assert_usable().await;
}

#[tokio::test]
async fn an_event_stream_opens_by_cookie() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    stage.account.commit(&[create_task(id(), "Seen")]).await;
    let event = Sse::open(&browser.http("/"), None).await.next().await.unwrap();
    assert!(event.data.to_string().contains("Seen"), "{event:?}");
    let answer = Sse::ask(&browser.page(Some("https://evil.example")).http("/"), None).await;
    assert_eq!(answer.status(), 403);
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
