//! Who calls: what missing, expired, forged and foreign tokens get, everywhere.

use application::identity::{AccessClaims, TokenIssuer};
use domain::id::{AccountId, DeviceId, SessionId};
use infrastructure::clock::now_ms;
use infrastructure::tokens::Tokens;
use serde_json::json;
use support::commands::new_task;
use support::patience::{until, within};
use support::{DataDir, Http, Socket, Sse, tables};
use tokio_tungstenite::tungstenite::Error;

use crate::stage::Stage;

const READS: [&str; 3] = ["/api/v2/changes", "/api/v2/events", "/api/v2/auth/me"];

/// A token of this server for the account of the stage, that ended in the past.
fn signed(stage: &Stage, data_dir: &DataDir, expires_at_s: i64) -> String {
    let claims = AccessClaims {
        account: AccountId(stage.account.space()),
        device: DeviceId(stage.account.session.device_id()),
        session: SessionId(stage.account.session.session_id()),
        issued_at_s: expires_at_s - 900,
        expires_at_s,
        csrf: None,
    };
    Tokens::open(data_dir.path()).unwrap().issue(&claims).unwrap().reveal().to_owned()
}

fn bad_tokens(stage: &Stage) -> Vec<(&'static str, String, &'static str)> {
    let good = stage.http.token();
    let (body, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = body.split_once('.').unwrap();
    let soon = now_ms() / 1_000 + 600;
    let turned: String = signature.chars().rev().collect();
    let none = "eyJhbGciOiJub25lIn0";
    vec![
        ("garbage", "garbage".to_owned(), "token_invalid"),
        ("a long one", "x".repeat(5_000), "token_invalid"),
        ("another signature", format!("{body}.{turned}"), "token_invalid"),
        ("no signature", format!("{body}."), "token_invalid"),
        ("algorithm none", format!("{none}.{payload}."), "token_invalid"),
        ("half a token", format!("{header}.{payload}"), "token_invalid"),
        ("another server's", signed(stage, &DataDir::fresh(), soon), "token_invalid"),
        ("expired", signed(stage, &stage.server.setup().data_dir, now_ms() / 1_000 - 1), "token_expired"),
    ]
}

async fn assert_refused(name: &str, http: &Http, expected: &str) {
    for path in READS {
        let answer = http.get(path).await;
        assert_eq!((answer.status, answer.problem().as_str()), (401, expected), "{name} at {path}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{name} at {path}");
    }
    let answer = http.write(&json!({ "transactions": [new_task("Read a chapter")] })).await;
    assert_eq!((answer.status, answer.problem().as_str()), (401, expected), "{name} writing");
}

#[tokio::test]
async fn a_token_that_is_missing_expired_forged_or_foreign_opens_nothing() {
    let stage = Stage::set().await;
    let before = tables::footprint(&stage.sql).await;
    assert_refused("no token", &Http::nobody(stage.server.url()), "token_missing").await;
    for (name, token, expected) in bad_tokens(&stage) {
        let http = stage.http.with_token(&token);
        assert_refused(name, &http, expected).await;
        let refused = *Socket::try_open(&http, None, true).await.expect_err("a refused handshake");
        let Error::Http(response) = refused else { panic!("{name}: {refused}") };
        assert_eq!(response.status(), 401, "{name}");
        let text = String::from_utf8_lossy(response.body().as_deref().unwrap_or_default()).into_owned();
        assert!(text.contains(expected), "{name}: {text}");
    }
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn a_first_message_with_a_bad_token_is_answered_and_the_connection_closed() {
    let stage = Stage::set().await;
    for (name, token, expected) in bad_tokens(&stage) {
        let mut socket = Socket::try_open(&stage.http, None, false).await.unwrap();
        socket.say(&json!({ "type": "auth", "token": token })).await;
        let heard = socket.hear().await;
        assert_eq!((&heard["type"], &heard["code"]), (&json!("error"), &json!(expected)), "{name}: {heard}");
        assert_eq!(socket.next().await, Err(Some(4401)), "{name}");
    }
}

#[tokio::test]
async fn a_first_message_with_a_good_token_opens_the_connection() {
    let stage = Stage::set().await;
    let mut socket = Socket::try_open(&stage.http, Some("levelup.v2.cbor"), false).await.unwrap();
    socket.say(&json!({ "type": "auth", "token": stage.http.token() })).await;
    socket.subscribe(None).await;
    assert_eq!(socket.hear().await["type"], "changes");
}

#[tokio::test]
async fn whoever_does_not_begin_with_a_token_hears_nothing() {
    let stage = Stage::set().await;
    for first in [json!({ "type": "subscribe" }), json!({ "type": "ping" }), json!(7)] {
        let mut socket = Socket::try_open(&stage.http, None, false).await.unwrap();
        socket.say(&first).await;
        assert_eq!(socket.hear().await["code"], "token_missing");
        assert_eq!(socket.next().await, Err(Some(4401)));
    }
}

#[tokio::test]
async fn a_live_feed_ends_with_its_token() {
    let stage = Stage::set().await;
    // A slow machine may come too late with a token that ends so soon: then with another.
    let (mut socket, events) = until("two feeds of one token", async || {
        let token = signed(&stage, &stage.server.setup().data_dir, now_ms() / 1_000 + 3);
        let http = stage.http.with_token(&token);
        let socket = Socket::try_open(&http, Some("levelup.v2.json"), true).await.ok()?;
        let events = Sse::ask(&http, None).await;
        (events.status() == 200).then_some((socket, events))
    })
    .await;
    assert_eq!(socket.hear().await["type"], "expiring");
    assert_eq!(socket.hear().await["code"], "token_expired");
    assert_eq!(socket.next().await, Err(Some(4401)));
    let said = within("the end of the events", events.text()).await.unwrap();
    let names: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert!(names.is_empty() == said.is_empty() && names.iter().all(|name| *name == "changes"), "{said}");
}
