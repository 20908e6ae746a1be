//! What a device shows of itself without being asked: how far it has read, when it was last there, and as what.

use infrastructure::clock::now_ms;
use reqwest::Method;
use serde_json::json;
use support::commands::{create_task, id};
use support::patience::until;
use support::{Account, Socket};

use crate::installation::{SEED, age, listed, path, remove, sign_in};
use crate::stage::Stage;

#[tokio::test]
async fn a_device_shows_how_far_it_has_read() {
    let stage = Stage::set().await;
    let (own, mut socket) = (stage.account.session.device_id(), Socket::open(&stage.http).await);
    socket.subscribe(None).await;
    let page = socket.hear_type("changes").await;
    socket.say(&json!({ "type": "ack", "cursor": page["cursor"] })).await;
    socket.assert_usable().await;
    let shown = listed(&stage.http, own).await;
    assert_eq!(shown["synced"], json!({ "position": page["head"], "behind": 0 }), "{shown}");
    let synced_at = shown["last_synced_at"].as_i64().unwrap();
    assert!((0..60_000).contains(&(now_ms() - synced_at)), "{shown}");
    let written = stage.account.commit(&[create_task(id(), "Read")]).await;
    let behind = written["positions"]["last"].as_i64().unwrap() - page["head"].as_i64().unwrap();
    assert_eq!(listed(&stage.http, own).await["synced"]["behind"], behind);
    let iso = stage.http.get(&format!("{SEED}/{own}")).await.json();
    assert_eq!(iso["synced"]["behind"], behind);
    assert!(iso["lastSyncedAt"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn what_was_acknowledged_before_a_removal_is_not_the_new_devices() {
    let stage = Stage::set().await;
    let tablet = id();
    let theirs = sign_in(&stage.server, &stage.account, tablet).await;
    let mut socket = Socket::open(&theirs).await;
    socket.subscribe(None).await;
    let page = socket.hear_type("changes").await;
    socket.say(&json!({ "type": "ack", "cursor": page["cursor"] })).await;
    socket.assert_usable().await;
    assert!(listed(&stage.http, tablet).await["synced"].is_object());
    remove(&stage.http, tablet).await;
    let past = "UPDATE space_devices SET last_synced_at = last_synced_at - 1 WHERE device_id = $1";
    stage.sql.execute(past, &[&tablet]).await.unwrap();
    sign_in(&stage.server, &stage.account, tablet).await;
    assert_eq!(listed(&stage.http, tablet).await["synced"], json!(null));
}

#[tokio::test]
async fn an_ack_that_says_nothing_new_is_not_written_down_each_time() {
    let stage = Stage::set().await;
    let mut socket = Socket::open(&stage.http).await;
    socket.subscribe(None).await;
    let page = socket.hear_type("changes").await;
    let version = async |socket: &mut Socket| -> (String, i64) {
        socket.say(&json!({ "type": "ack", "cursor": page["cursor"] })).await;
        socket.assert_usable().await;
        let statement = "SELECT ctid::text, last_synced_at FROM space_devices WHERE space_id = $1 AND device_id = $2";
        let device = stage.account.session.device_id();
        let row = stage.sql.query_one(statement, &[&stage.account.space(), &device]).await.unwrap();
        (row.get(0), row.get(1))
    };
    let first = version(&mut socket).await;
    stage.sql.execute("UPDATE space_devices SET last_synced_at = $1", &[&(now_ms() + 1_000_000)]).await.unwrap();
    let moved = version(&mut socket).await;
    assert_eq!(version(&mut socket).await, moved, "nothing new within the minute");
    stage.sql.execute("UPDATE space_devices SET last_synced_at = $1", &[&(first.1 - 60_000)]).await.unwrap();
    assert!(version(&mut socket).await.1 >= first.1, "after a minute the moment is");
}

#[tokio::test]
async fn a_device_that_is_active_on_a_long_lived_token_is_seen() {
    let stage = Stage::set().await;
    let own = stage.account.session.device_id();
    let other = Account::register(&stage.server).await;
    let theirs = sign_in(&stage.server, &other, own).await;
    // Whatever has been noted so far is written down before the clock is turned back.
    age(&stage.sql, &stage.account, own, 3_600_000).await;
    age(&stage.sql, &other, own, 3_600_000).await;
    // The good one first: a device is written down once a minute, and that may be between the two.
    for version in ["ios/4.1.0", "ios/4.1.0\u{80}"] {
        let request = stage.http.request(Method::GET, "/api/v2/changes").header("x-app-version", version);
        assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
    }
    let seen = until("a device that is seen", async || {
        let shown = stage.http.get(&path(own)).await.json();
        (now_ms() - shown["last_seen_at"].as_i64()? < 600_000).then_some(shown)
    })
    .await;
    assert_eq!(seen["app_version"], "ios/4.1.0");
    let statement = "SELECT last_seen_at, app_version FROM devices WHERE account_id = $1";
    let row = stage.sql.query_one(&format!("{statement} AND device_id = $2"), &[&other.space(), &own]).await.unwrap();
    assert!(now_ms() - row.get::<_, i64>(0) > 3_000_000, "the other account's device of that id was quiet");
    assert_eq!(row.get::<_, Option<&str>>(1), None);
    drop(theirs);
}
