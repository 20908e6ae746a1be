//! What goes on, told to admins who listen.

use reqwest::Method;
use serde_json::{Value, json};
use support::{Account, Http, Setup, Sse, TestServer};

use crate::people::{ask, code, promote};
use crate::stage::Stage;

const FEED: &str = "/api/v2/admin/events";

/// The next event of this name; others are passed over.
async fn hear(feed: &mut Sse, name: &str) -> Value {
    loop {
        let event = feed.next().await.expect("the feed goes on");
        if event.event == name {
            return event.data;
        }
    }
}

async fn set_flag(http: &Http, name: &str) {
    let said = ask(http, Method::PUT, &format!("/api/v2/admin/flags/{name}"), Some(r#"{"on":true}"#)).await;
    assert_eq!(said.0, 200, "{said:?}");
}

#[tokio::test]
async fn all_who_listen_hear_of_flags_nodes_and_refusals_once_each() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    set_flag(&stage.http, "before").await;
    let (mut one, mut two) = (Sse::open_at(&stage.http, FEED).await, Sse::open_at(&stage.http, FEED).await);
    set_flag(&stage.http, "after").await;
    for feed in [&mut one, &mut two] {
        let told = hear(feed, "flag_set").await;
        assert_eq!((&told["flag"], &told["by"]), (&json!("after"), &json!("admin")), "only what comes after: {told}");
        assert!(told["at"].as_i64().is_some());
    }
    let node = TestServer::start_with(Setup { config: stage.database.config(), ..stage.server.setup() });
    let started = hear(&mut one, "node_started").await;
    assert!(started["node"].as_str().is_some() && started["version"].as_str().is_some(), "{started}");
    node.stop().await;
    assert_eq!(hear(&mut one, "node_stopped").await["node"], started["node"]);
    let other = Account::register(&stage.server).await;
    assert_eq!(ask(&other.http().await, Method::GET, FEED, None).await.0, 403);
    let refused = hear(&mut one, "role_missing").await;
    assert_eq!(refused["asked"], "GET /api/v2/admin/events", "{refused}");
    set_flag(&stage.http, "last").await;
    assert_eq!(hear(&mut one, "flag_set").await["flag"], "last", "nothing is told twice");
}

#[tokio::test]
async fn the_feed_ends_with_its_session_and_only_admins_may_listen() {
    let stage = Stage::set().await;
    for role in ["user", "support"] {
        promote(&stage.sql, &stage.account, role).await;
        assert_eq!(code(&ask(&stage.http, Method::GET, FEED, None).await), (403, "role_missing"), "{role}");
    }
    promote(&stage.sql, &stage.account, "admin").await;
    let mut feed = Sse::open_at(&stage.http, FEED).await;
    assert_eq!(stage.http.post("/api/v2/auth/logout", "").await.status, 204);
    assert_eq!(hear(&mut feed, "error").await["code"], "session_revoked");
    assert_eq!(feed.next().await, None);
}

#[tokio::test]
async fn the_feeds_of_a_device_are_counted_and_a_stopping_server_ends_them() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(Sse::open_at(&stage.http, FEED).await);
    }
    assert_eq!(code(&ask(&stage.http, Method::GET, FEED, None).await), (429, "feeds_too_many"));
    let Stage { server, .. } = stage;
    server.stop().await;
    for mut feed in open {
        while feed.next().await.is_some() {}
    }
}
