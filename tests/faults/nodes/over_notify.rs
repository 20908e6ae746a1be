//! Over PostgreSQL's notifications, and over nothing.

use std::time::Instant;

use support::{Database, Http, Socket};

use super::{Listening, NEVER, Node, person, write};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_writes_a_device_on_another_hears_by_a_notification_alone() {
    let database = Database::fresh().await;
    let (a, b) = (Node::start(&database, &[NEVER]).await, Node::start(&database, &[NEVER]).await);
    let sessions = person(&[&a, &b]).await;
    let mut listening = Listening::begin(&sessions[1]).await;
    for node in [&a, &b] {
        node.part_becomes("hints", "ok").await;
    }
    let found = b.metric("levelup_heads_found_total", "hint").await;
    for number in 0..20 {
        let began = Instant::now();
        listening.hear(write(&sessions[0]).await).await;
        println!("{number}: heard {} ms after it was sent", began.elapsed().as_millis());
    }
    assert!(b.metric("levelup_heads_found_total", "hint").await >= found + 20.0);
    assert!(b.metric("levelup_hints_heard_total", "").await >= 20.0);
    assert_eq!(b.metric("levelup_hints_connected", "notify").await, 1.0);
    assert!(a.metric("levelup_hints_said_total", "").await >= 20.0);
    assert_eq!(a.metric("levelup_heads_found_total", "hint").await, 0.0, "its own hints say nothing to it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_hint_tells_is_found_by_looking() {
    let database = Database::fresh().await;
    let mute = Node::start(&database, &[("LEVELUP_HINTS", "off")]).await;
    let b = Node::start(&database, &[("LEVELUP_SWEEP_S", "1")]).await;
    let sessions = person(&[&mute, &b]).await;
    let mut listening = [Listening::begin(&sessions[0]).await, Listening::begin(&sessions[1]).await];
    b.part_becomes("hints", "ok").await;
    assert_eq!(mute.part("hints").await, "off");
    let found = b.metric("levelup_heads_found_total", "sweep").await;
    listening[1].hear(write(&sessions[0]).await).await;
    assert!(b.metric("levelup_heads_found_total", "sweep").await > found);
    listening[0].hear(write(&sessions[1]).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_on_one_node_ends_its_connections_on_another() {
    let database = Database::fresh().await;
    let (a, b) = (Node::start(&database, &[NEVER]).await, Node::start(&database, &[NEVER]).await);
    let sessions = person(&[&a, &b]).await;
    for node in [&a, &b] {
        node.part_becomes("hints", "ok").await;
    }
    let (here, there) = (Http::of(&sessions[0]).await, Http::of(&sessions[1]).await);
    let mut socket = Socket::open(&there).await;
    socket.subscribe(None).await;
    socket.hear_type("changes").await;
    let began = Instant::now();
    let path = format!("/api/v2/auth/sessions/{}", sessions[1].session_id());
    assert_eq!(here.delete(&path).await.status, 204);
    let said = socket.hear_type("error").await;
    println!("told {} ms after the request that ended it", began.elapsed().as_millis());
    assert_eq!(said["code"], "session_revoked", "{said}");
    assert_eq!(socket.next().await, Err(Some(4401)));
}
