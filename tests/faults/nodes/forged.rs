//! Hints are advice: whoever can write into their channel can make a node look, and nothing else.

use infrastructure::clock::uuid_v7;
use support::Database;
use support::patience::until;
use uuid::Uuid;

use super::{Listening, NEVER, Node, person, write};

const FORGED: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hint_beyond_the_log_makes_no_reader_skip_or_spin() {
    let database = Database::fresh().await;
    let (a, b) = (Node::start(&database, &[NEVER]).await, Node::start(&database, &[NEVER]).await);
    let sessions = person(&[&a, &b]).await;
    let mut listening = Listening::begin(&sessions[1]).await;
    for node in [&a, &b] {
        node.part_becomes("hints", "ok").await;
    }
    let space = sessions[0].account_id();
    let before = b.metric("levelup_feed_pages_total", "").await;
    forge(&database, space).await;
    // They come in order, those that are no letters last.
    let taken = async || (b.metric("levelup_hints_unreadable_total", "").await >= FORGED as f64).then_some(());
    until("the last of what was forged", taken).await;
    assert!(b.metric("levelup_hints_heard_total", "").await >= 2.0 * FORGED as f64);
    let after = b.metric("levelup_feed_pages_total", "").await;
    assert!(after <= before + 2.0, "a reader was woken for nothing: {before} to {after}");
    for _ in 0..5 {
        listening.hear(write(&sessions[0]).await).await;
    }
    // What this node writes is served from memory still: it does not take itself to be behind.
    let memory = b.metric("levelup_feed_pages_total", "memory").await;
    listening.hear(write(&sessions[1]).await).await;
    listening.hear(write(&sessions[1]).await).await;
    assert!(b.metric("levelup_feed_pages_total", "memory").await > memory);
    for node in [&a, &b] {
        node.part_becomes("hints", "ok").await;
    }
}

/// Says what no node says.
async fn forge(database: &Database, space: Uuid) {
    let sql = database.connect().await;
    let liar = uuid_v7();
    let heads = |number: usize| {
        let (space, epoch) = (space.simple(), uuid_v7().simple());
        format!("1 {} {number} h:{space}:{epoch}:{} h:{space}:{epoch}:-5", liar.simple(), i64::MAX)
    };
    let letters = (0..FORGED).map(heads).chain((0..FORGED).map(|number| format!("garbage {number} \u{1F4A5}")));
    let letters: Vec<String> = letters.collect();
    let say = "SELECT pg_notify('levelup_hints', letter) FROM unnest($1::text[]) letter";
    sql.execute(say, &[&letters]).await.unwrap();
}
