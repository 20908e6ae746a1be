//! The feed, read in every way: nothing is missed, nothing comes twice, no transaction is torn.

use std::collections::BTreeSet;

use api::client::Replica;
use api::client::wire::ChangesPage;
use serde_json::{Value, json};
use support::commands::{command_with, create_task, id, new_task, transaction};
use support::{Http, Socket, Sse, tables};

use crate::stage::{Stage, code};

fn page(value: &Value) -> ChangesPage {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

/// Reads to the end in pages of this size; the replica refuses gaps, repeats, torn transactions and wrong checksums.
async fn read_all(http: &Http, limit: usize) -> (Replica, Vec<ChangesPage>) {
    let (mut replica, mut pages) = (Replica::default(), Vec::new());
    loop {
        let cursor = replica.cursor().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let answer = http.get(&format!("/api/v2/changes?limit={limit}{cursor}")).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let next = page(&answer.json());
        replica.apply(&next).unwrap_or_else(|divergence| panic!("{divergence} in pages of {limit}"));
        let done = next.caught_up;
        pages.push(next);
        if done {
            return (replica, pages);
        }
    }
}

/// Transactions of 1, 2, 3, 7 and 500 commands.
async fn write_sizes(stage: &Stage) {
    for size in [1, 2, 3, 7, 500, 1] {
        let commands: Vec<Value> = (0..size).map(|n| create_task(id(), &format!("Task {n}"))).collect();
        stage.account.commit(&commands).await;
    }
}

#[tokio::test]
async fn pages_of_every_size_make_the_same_replica_and_tear_no_transaction() {
    let stage = Stage::set().await;
    write_sizes(&stage).await;
    let (whole, _) = read_all(&stage.http, 1_000).await;
    tables::assert_equal(&stage.sql, stage.account.space(), &whole).await;
    for limit in [1, 2, 3, 6, 7, 8, 63, 64, 65, 200, 499, 500, 501] {
        let (replica, pages) = read_all(&stage.http, limit).await;
        assert_eq!(replica.document(), whole.document(), "pages of {limit}");
        for page in &pages {
            assert!(page.changes.len() <= limit, "a page of {limit} has {} changes", page.changes.len());
            let several: BTreeSet<_> = page.changes.iter().map(|change| change.transaction_id).collect();
            assert!(page.part.is_none() || several.len() == 1, "a part holds one transaction");
        }
    }
}

#[tokio::test]
async fn a_transaction_larger_than_a_page_comes_in_numbered_parts() {
    let stage = Stage::set().await;
    let commands: Vec<Value> = (0..500).map(|n| create_task(id(), &format!("Task {n}"))).collect();
    let receipt = stage.account.commit(&commands).await;
    let (_, pages) = read_all(&stage.http, 100).await;
    let parts: Vec<&ChangesPage> = pages.iter().filter(|page| page.part.is_some()).collect();
    let of = parts[0].of.unwrap();
    let numbers: Vec<u32> = parts.iter().map(|page| page.part.unwrap()).collect();
    assert_eq!(numbers, (1..=of).collect::<Vec<_>>());
    assert!(parts.iter().all(|page| page.of == Some(of)));
    let first = parts[0].changes[0].position;
    let last = parts.last().unwrap().changes.last().unwrap().position;
    assert_eq!(receipt["positions"], json!({ "first": first, "last": last }));
}

#[tokio::test]
async fn a_page_holds_no_more_than_a_mebibyte() {
    let stage = Stage::set().await;
    // One transaction of about 900 KiB, and many smaller ones around it.
    let data = |n: usize| json!({ "title": format!("Task {n}"), "description": "ü".repeat(2_000) });
    for size in [100, 100, 220, 100, 1] {
        let commands: Vec<Value> = (0..size).map(|n| command_with("task.create", id(), data(n))).collect();
        stage.account.commit(&commands).await;
    }
    for limit in [1_000, 150, 50] {
        let (replica, pages) = read_all(&stage.http, limit).await;
        for page in pages {
            let bytes: usize = page.changes.iter().map(|change| serde_json::to_string(change).unwrap().len()).sum();
            assert!(bytes <= 1_100_000, "{bytes} bytes in a page of {limit}");
        }
        tables::assert_equal(&stage.sql, stage.account.space(), &replica).await;
    }
}

#[tokio::test]
async fn a_long_poll_is_woken_by_a_write_and_ends_without_one() {
    let stage = Stage::set().await;
    let cursor = stage.cursor().await;
    let path = format!("/api/v2/changes?wait=30&cursor={cursor}");
    let (heard, receipt) = tokio::join!(stage.http.get(&path), stage.account.send(new_task("Wake up")));
    let heard = heard.json();
    assert_eq!(heard["changes"][0]["fields"]["title"], "Wake up", "{heard}");
    assert_eq!(heard["changes"][0]["transaction_id"], receipt["transaction_id"]);
    let next = heard["cursor"].as_str().unwrap();
    let nothing = stage.http.get(&format!("/api/v2/changes?wait=1&cursor={next}")).await.json();
    assert_eq!((&nothing["changes"], &nothing["caught_up"]), (&json!([]), &json!(true)));
    assert_eq!(nothing["cursor"], next);
}

#[tokio::test]
async fn an_event_stream_goes_on_after_the_last_event_id() {
    let stage = Stage::set().await;
    let mut replica = Replica::default();
    let mut last = None;
    for round in 0..4 {
        stage.account.commit(&[create_task(id(), &format!("Away {round}"))]).await;
        let mut sse = Sse::open(&stage.http, last.as_deref()).await;
        for live in 0..3 {
            let event = sse.next().await.unwrap();
            assert_eq!((event.event.as_str(), event.id.as_deref()), ("changes", event.data["cursor"].as_str()));
            replica.apply(&page(&event.data)).unwrap();
            last = event.id;
            stage.account.commit(&[create_task(id(), &format!("Live {live}"))]).await;
        }
    }
    let (whole, _) = read_all(&stage.http, 1_000).await;
    assert_eq!(replica.position(), whole.position() - 1);
}

#[tokio::test]
async fn a_live_connection_catches_up_and_then_hears_everything_once_in_json_and_in_cbor() {
    let stage = Stage::set().await;
    write_sizes(&stage).await;
    let (mut text, mut binary) = (Socket::open(&stage.http).await, Socket::open_cbor(&stage.http).await);
    let mut replicas = [Replica::default(), Replica::default()];
    for round in 0..20 {
        for (socket, replica) in [&mut text, &mut binary].into_iter().zip(&mut replicas) {
            if round == 0 {
                socket.subscribe(None).await;
            }
            catch_up(socket, replica).await;
        }
        assert_eq!(replicas[0].document(), replicas[1].document());
        let commands: Vec<Value> = (0..=round * 20).map(|n| create_task(id(), &format!("Task {n}"))).collect();
        stage.account.commit(&commands).await;
    }
    for (socket, replica) in [&mut text, &mut binary].into_iter().zip(&mut replicas) {
        catch_up(socket, replica).await;
        tables::assert_equal(&stage.sql, stage.account.space(), replica).await;
    }
}

async fn catch_up(socket: &mut Socket, replica: &mut Replica) {
    loop {
        let heard = page(&socket.hear_type("changes").await);
        replica.apply(&heard).unwrap();
        if heard.caught_up {
            return;
        }
    }
}

#[tokio::test]
async fn a_second_subscription_replaces_the_first() {
    let stage = Stage::set().await;
    let cursor = stage.cursor().await;
    let mut socket = Socket::open(&stage.http).await;
    socket.subscribe(None).await;
    let from_start = page(&socket.hear_type("changes").await);
    assert_eq!(from_start.changes.first().unwrap().position, 1);
    socket.subscribe(Some(&cursor)).await;
    assert!(page(&socket.hear_type("changes").await).changes.is_empty());
    stage.account.commit(&[create_task(id(), "Once")]).await;
    assert_eq!(page(&socket.hear_type("changes").await).changes.len(), 1);
    socket.say(&json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong", "nothing comes twice");
}

#[tokio::test]
async fn the_ninth_live_feed_of_a_device_is_too_many_until_one_closes() {
    let stage = Stage::set().await;
    let mut sockets = Vec::new();
    for _ in 0..7 {
        let mut socket = Socket::open(&stage.http).await;
        socket.assert_usable().await;
        sockets.push(socket);
    }
    let mut sse = Sse::open(&stage.http, None).await;
    assert!(sse.next().await.is_some());
    let mut ninth = Socket::open(&stage.http).await;
    let heard = ninth.hear().await;
    assert_eq!((&heard["type"], &heard["code"]), (&json!("error"), &json!("feeds_too_many")), "{heard}");
    assert_eq!(ninth.next().await, Err(Some(1013)));
    let refused = Sse::ask(&stage.http, None).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    let cursor = stage.cursor().await;
    let poll = stage.http.get(&format!("/api/v2/changes?wait=30&cursor={cursor}")).await;
    assert_eq!((poll.status, poll.problem().as_str()), (429, "feeds_too_many"));
    assert_eq!(stage.http.get("/api/v2/changes").await.status, 200, "reading without waiting is no feed");
    let other = stage.account.device_http(&stage.server, "browser").await;
    Socket::open(&other).await.assert_usable().await;
    sockets.pop();
    drop(sse);
    let free = support::patience::until("a free place", async || {
        let mut socket = Socket::open(&stage.http).await;
        socket.say(&json!({ "type": "ping" })).await;
        socket.next().await.ok().filter(|heard| heard["type"] == "pong")
    });
    free.await;
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_ask() {
    let stage = Stage::set().await;
    write_sizes(&stage).await;
    let plain = stage.http.get("/api/v2/changes?limit=1000").await;
    for encoding in ["gzip", "zstd"] {
        let request = stage.http.request(reqwest::Method::GET, "/api/v2/changes?limit=1000");
        let response = request.header("accept-encoding", encoding).send().await.unwrap();
        let headers = response.headers().clone();
        assert_eq!(headers["content-encoding"], encoding);
        let body = response.bytes().await.unwrap().to_vec();
        assert!(body.len() < plain.body.len() / 3);
        let answer = support::Answer { status: 200, headers, body };
        assert_eq!(answer.inflated(), plain.json());
    }
}

#[tokio::test]
async fn cbor_says_what_json_says() {
    let stage = Stage::set().await;
    write_sizes(&stage).await;
    let text = stage.http.get("/api/v2/changes?limit=100").await.json();
    let request = stage.http.request(reqwest::Method::GET, "/api/v2/changes?limit=100");
    let bytes = request.header("accept", "application/cbor").send().await.unwrap().bytes().await.unwrap();
    let binary: Value = ciborium::from_reader(bytes.as_ref()).unwrap();
    assert_eq!(binary, text);
}

#[tokio::test]
async fn a_write_over_a_live_connection_is_answered_and_heard() {
    let stage = Stage::set().await;
    let mut socket = Socket::open(&stage.http).await;
    let cursor = stage.cursor().await;
    socket.subscribe(Some(&cursor)).await;
    socket.hear_type("changes").await;
    let (good, bad) = (new_task("Read"), transaction(&[create_task(id(), "R")]));
    socket.say(&json!({ "type": "transactions", "id": "mine", "transactions": [good, bad] })).await;
    let (mut receipts, mut changes) = (None, None);
    while receipts.is_none() || changes.is_none() {
        let heard = socket.hear().await;
        match heard["type"].as_str() {
            Some("receipts") => receipts = Some(heard),
            Some("changes") => changes = Some(page(&heard)),
            _ => {}
        }
    }
    let receipts = receipts.unwrap();
    assert_eq!(receipts["id"], "mine");
    assert_eq!(receipts["receipts"][0]["status"], "committed");
    assert_eq!(code(&receipts["receipts"][1]), "too_short");
    assert_eq!(changes.unwrap().changes[0].fields["title"], "Read");
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_not_buffered_for_and_loses_nothing() {
    let stage = Stage::set().await;
    let (mut slow, mut replica) = (Socket::open(&stage.http).await, Replica::default());
    slow.subscribe(None).await;
    catch_up(&mut slow, &mut replica).await;
    // Far more than a socket and the hub's ring hold, while nothing is read.
    let data = json!({ "title": "Heavy", "description": "x".repeat(2_000) });
    for _ in 0..10 {
        let commands: Vec<Value> = (0..400).map(|_| command_with("task.create", id(), data.clone())).collect();
        stage.account.commit(&commands).await;
    }
    let (whole, _) = read_all(&stage.http, 1_000).await;
    while replica.position() < whole.position() {
        match slow.next().await {
            Ok(heard) => drop(replica.apply(&page(&heard)).unwrap()),
            // Let go for taking nothing too long: it comes back from its cursor.
            Err(_) => {
                slow = Socket::open(&stage.http).await;
                slow.subscribe(replica.cursor()).await;
            }
        }
    }
    assert_eq!(replica.document(), whole.document());
}
