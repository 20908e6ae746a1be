//! Nodes that are killed, stand still, or lose the database.

use support::{Database, Gate};

use super::{Listening, NEVER, Node, person, write, write_positions};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_stood_still_hears_what_it_missed() {
    let database = Database::fresh().await;
    let (a, b) = (Node::start(&database, &[NEVER]).await, Node::start(&database, &[NEVER]).await);
    let sessions = person(&[&a, &b]).await;
    let mut listening = Listening::begin(&sessions[1]).await;
    for node in [&a, &b] {
        node.part_becomes("hints", "ok").await;
    }
    for _ in 0..3 {
        b.server.pause();
        let mut last = 0;
        for _ in 0..30 {
            last = write(&sessions[0]).await;
        }
        a.part_becomes("hints", "ok").await;
        b.server.go_on();
        listening.hear(last).await;
        b.part_becomes("hints", "ok").await;
        listening.hear(write(&sessions[0]).await).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_killed_takes_nothing_with_it_and_hears_again_when_it_is_back() {
    let database = Database::fresh().await;
    let (a, mut b) = (Node::start(&database, &[NEVER]).await, Node::start(&database, &[NEVER]).await);
    let sessions = person(&[&a, &b]).await;
    let mut listening = [Listening::begin(&sessions[0]).await, Listening::begin(&sessions[1]).await];
    a.part_becomes("hints", "ok").await;
    for _ in 0..3 {
        b.part_becomes("hints", "ok").await;
        listening[0].hear(write(&sessions[1]).await).await;
        let last = write(&sessions[1]).await;
        b.server.kill().await;
        // The last hint may have gone with it: the next write shows both.
        let (first, next) = write_positions(&sessions[0]).await;
        assert_eq!(first, last + 1, "positions are dense");
        listening[0].hear(next).await;
        b.server.start_again().await;
        listening[1].hear(next).await;
        listening[1].hear(write(&sessions[0]).await).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_loses_the_database_says_so_and_comes_back_by_itself() {
    let database = Database::fresh().await;
    let gate = Gate::before_database(&database.config()).await;
    let a = Node::start(&database, &[NEVER]).await;
    let b = Node::start_at(gate.database_url(&database.config()), &[NEVER]).await;
    let sessions = person(&[&a, &b]).await;
    let mut listening = Listening::begin(&sessions[1]).await;
    for close in [Gate::cut, Gate::hold] {
        for node in [&a, &b] {
            node.part_becomes("hints", "ok").await;
        }
        close(&gate);
        b.part_becomes("database", "away").await;
        b.part_becomes("hints", "degraded").await;
        assert_eq!(b.http.get("/readyz").await.status, 503);
        support::patience::until("an open circuit", async || {
            (b.metric("levelup_database_circuit_state", "").await == 2.0).then_some(())
        })
        .await;
        let last = write(&sessions[0]).await;
        gate.open();
        b.part_becomes("database", "ok").await;
        listening.hear(last).await;
        b.part_becomes("hints", "ok").await;
        listening.hear(write(&sessions[0]).await).await;
    }
}
