//! Access tokens that end while a connection lives: a fresh one keeps it.

use std::sync::Arc;

use infrastructure::config::{Identity, Serving};
use serde_json::json;
use support::commands::new_task;
use support::patience::{until, within};
use support::{Account, Database, Http, Setup, Socket, TestServer};

use crate::sign_in::{SignedIn, refresh, sign_in};

/// A server whose access tokens live so long.
async fn short_lived(access_token_s: i64) -> (Database, TestServer, Account) {
    let database = Database::fresh().await;
    let identity = Identity { access_token_s, ..Identity::default() };
    let usual = Setup::of(&database);
    let serving = Serving { identity, ..usual.serving.clone() };
    let server = TestServer::start_with(Setup { serving, ..usual });
    let account = Account::register(&server).await;
    (database, server, account)
}

/// Waits until the token opens nothing any more.
async fn ended(http: &Http) {
    until("the token's end", async || {
        let answer = http.get("/api/v2/auth/me").await;
        (answer.status == 401).then(|| assert_eq!(answer.problem(), "token_expired"))
    })
    .await;
}

#[tokio::test]
async fn a_fresh_token_keeps_a_connection_beyond_the_end_of_the_first() {
    let (_database, server, account) = short_lived(12).await;
    let nobody = Http::nobody(server.url());
    let tokens = sign_in(&nobody, &account, "browser").await;
    assert_eq!(tokens.0["expires_in"], 12);
    let first = tokens.http(&nobody);
    let mut socket = Socket::open(&first).await;
    let told = socket.hear().await;
    assert_eq!(told["type"], "expiring", "{told}");
    assert!(told["in_s"].as_i64().is_some_and(|left| left <= 6), "{told}");
    let fresh = SignedIn::of(&refresh(&nobody, tokens.refresh_token()).await);
    socket.say(&json!({ "type": "auth", "token": fresh.access_token() })).await;
    socket.assert_usable().await;
    ended(&first).await;
    // The second is told of as the first was, and without a third the connection ends with it.
    socket.say(&json!({ "type": "transactions", "id": 1, "transactions": [new_task("After the first")] })).await;
    let mut heard = Vec::new();
    let code = loop {
        match socket.next().await {
            Ok(said) if said["type"] == "receipts" => heard.push(said["receipts"][0]["status"].clone()),
            Ok(said) if said["type"] == "error" => heard.push(said["code"].clone()),
            Ok(said) => heard.push(said["type"].clone()),
            Err(code) => break code,
        }
    };
    assert!(heard.contains(&json!("committed")) && heard.contains(&json!("expiring")), "{heard:?}");
    assert_eq!((heard.last(), code), (Some(&json!("token_expired")), Some(4401)), "{heard:?}");
}

#[tokio::test]
async fn nobody_outlives_a_token_by_talking() {
    let (_database, server, account) = short_lived(5).await;
    let nobody = Http::nobody(server.url());
    let http = sign_in(&nobody, &account, "browser").await.http(&nobody);
    let mut socket = Socket::open(&http).await;
    let code = within("the end of a talker", async {
        loop {
            socket.say(&json!({ "type": "ping" })).await;
            match socket.next().await {
                Ok(said) => assert!(["pong", "expiring", "error"].contains(&said["type"].as_str().unwrap())),
                Err(code) => break code,
            }
        }
    })
    .await;
    assert!(matches!(code, Some(4401) | None), "{code:?}");
}

#[tokio::test]
async fn the_protocols_client_stays_connected_over_the_ends_of_its_tokens() {
    let (_database, server, account) = short_lived(12).await;
    let first = account.http().await;
    let mut live = api::client::Live::from(Arc::clone(&account.session), None);
    let listening = tokio::spawn(async move {
        loop {
            match live.next().await.expect("a live connection") {
                api::client::Heard::Lost { why, .. } => panic!("lost: {why}"),
                api::client::Heard::Changes(page)
                    if page.changes.iter().any(|change| change.fields.get("title") == Some(&json!("Last"))) =>
                {
                    break;
                }
                _ => {}
            }
        }
    });
    ended(&first).await;
    account.commit(&[support::commands::create_task(support::commands::id(), "Last")]).await;
    within("the last change", listening).await.expect("never lost");
    drop(server);
}
