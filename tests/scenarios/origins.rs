//! Pages of other origins: which of them a browser's cookies are believed for, and where.

use serde_json::{Value, json};
use support::commands::{create_task, id, new_task};
use support::{Answer, Browser, Setup, Socket, Sse, TestServer, tables};
use tokio_tungstenite::tungstenite::Error;

use crate::stage::Stage;

const ME: &str = "/api/v2/auth/me";
const LISTED: &str = "https://app.example.org";

/// What a page that may not do this is told.
fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
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
