//! Over NATS.

use support::patience::until;
use support::{Certificates, Database, Gate, NatsServer};

use super::{Listening, NEVER, Node, person, write};

/// Settings of a node that speaks to this server.
fn told(url: &str) -> [(&str, &str); 3] {
    [("LEVELUP_HINTS", "nats"), ("LEVELUP_NATS_URL", url), NEVER]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_writes_a_device_on_another_hears_over_nats_alone() {
    let (database, nats) =
        (Database::fresh().await, NatsServer::start_with(&["--user", "me", "--pass", "s3cr@t"]).await);
    // The first server of the list is not there.
    let url = format!("nats://me:s3cr%40t@127.0.0.1:1,nats://me:s3cr%40t@127.0.0.1:{}", nats.port());
    let mut settings = told(&url).to_vec();
    settings.push(("LEVELUP_LOG", "debug,async_nats=trace"));
    let (a, b) = (Node::start(&database, &settings).await, Node::start(&database, &settings).await);
    let sessions = person(&[&a, &b]).await;
    let mut listening = [Listening::begin(&sessions[0]).await, Listening::begin(&sessions[1]).await];
    for node in [&a, &b] {
        node.part_becomes("hints", "ok").await;
    }
    for _ in 0..10 {
        listening[1].hear(write(&sessions[0]).await).await;
        listening[0].hear(write(&sessions[1]).await).await;
    }
    assert!(b.metric("levelup_heads_found_total", "hint").await >= 10.0);
    assert_eq!(b.metric("levelup_hints_connected", "nats").await, 1.0);
    for node in [&a, &b] {
        assert!(!node.server.log_text().contains("s3cr"), "a password is in the log");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_cut_off_from_nats_says_so_looks_for_itself_and_comes_back() {
    let (database, nats) = (Database::fresh().await, NatsServer::start().await);
    let gate = Gate::before_port(nats.port()).await;
    let behind = format!("nats://127.0.0.1:{}", gate.port());
    let (a, b) = (Node::start(&database, &told(&nats.url())).await, Node::start(&database, &told(&behind)).await);
    let sessions = person(&[&a, &b]).await;
    let mut listening = Listening::begin(&sessions[1]).await;
    for node in [&a, &b] {
        node.part_becomes("hints", "ok").await;
    }
    // Cut, the connection ends; held, it only looks open.
    for close in [Gate::cut, Gate::hold] {
        close(&gate);
        b.part_becomes("hints", "degraded").await;
        let ready = b.http.get("/readyz").await;
        assert_eq!((ready.status, ready.json()["status"].as_str()), (200, Some("degraded")));
        assert_eq!(b.metric("levelup_hints_connected", "nats").await, 0.0);
        a.part_becomes("hints", "ok").await;
        listening.hear(write(&sessions[0]).await).await;
        gate.open();
        b.part_becomes("hints", "ok").await;
        // Once the look after coming back is over, only a hint can tell.
        for _ in 0..3 {
            listening.hear(write(&sessions[0]).await).await;
        }
    }
    assert!(b.metric("levelup_hints_lost_total", "").await >= 2.0);
    assert_eq!(b.metric("levelup_hints_connected", "nats").await, 1.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nats_may_be_killed_and_may_come_after_the_nodes() {
    let (database, mut nats) = (Database::fresh().await, NatsServer::start().await);
    let url = nats.url();
    nats.kill().await;
    let (a, b) = (Node::start(&database, &told(&url)).await, Node::start(&database, &told(&url)).await);
    let sessions = person(&[&a, &b]).await;
    let mut listening = Listening::begin(&sessions[1]).await;
    for _ in 0..2 {
        for node in [&a, &b] {
            node.part_becomes("hints", "degraded").await;
        }
        listening.hear(write(&sessions[0]).await).await;
        nats.start_again().await;
        for node in [&a, &b] {
            node.part_becomes("hints", "ok").await;
        }
        listening.hear(write(&sessions[0]).await).await;
        listening.hear(write(&sessions[0]).await).await;
        nats.kill().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_tls_in_the_url_nothing_is_said_without_tls() {
    let (database, certificates) = (Database::fresh().await, Certificates::fresh());
    let http = certificates.serving().http;
    let file = |path: Option<std::path::PathBuf>| path.unwrap().display().to_string();
    let (chain, key) = (file(http.tls_cert), file(http.tls_key));
    let private = NatsServer::start_with(&["--tls", "--tlscert", &chain, "--tlskey", &key]).await;
    let plain = NatsServer::start().await;
    let authority = certificates.authority().display().to_string();
    let tls = |nats: &NatsServer| format!("tls://me:s3cret@127.0.0.1:{}", nats.port());
    let told = async |url: String| {
        let settings = [told(&url).as_slice(), &[("SSL_CERT_FILE", authority.as_str())]].concat();
        Node::start(&database, &settings).await
    };
    let (a, b) = (told(tls(&private)).await, told(tls(&private)).await);
    let refused = told(tls(&plain)).await;
    let sessions = person(&[&a, &b]).await;
    let mut listening = Listening::begin(&sessions[1]).await;
    for node in [&a, &b] {
        node.part_becomes("hints", "ok").await;
    }
    listening.hear(write(&sessions[0]).await).await;
    until("the reason", async || refused.server.log_text().contains("NATS: ").then_some(())).await;
    assert_eq!(refused.part("hints").await, "degraded");
}
