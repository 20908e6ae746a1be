//! A repeat gets an equal answer and writes nothing: over every door, in either encoding, rejected ones too, after a
//! restart, and when sixteen repeats arrive at once.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::commands::{command, create_task, id, new_task, transaction};
use support::{Http, Socket, tables};

use crate::stage::{Stage, code};

const CBOR: &[(&str, &str)] = &[("content-type", "application/cbor"), ("accept", "application/cbor")];

fn body(transaction: &Value) -> Value {
    json!({ "transactions": [transaction] })
}

async fn over_cbor(http: &Http, transaction: &Value) -> Value {
    let mut bytes = Vec::new();
    ciborium::into_writer(&body(transaction), &mut bytes).unwrap();
    let answer = http.post_as("/api/v2/transactions", CBOR, bytes).await;
    assert_eq!(answer.header("content-type"), "application/cbor");
    answer.cbor()["receipts"][0].clone()
}

/// Transactions of every verdict that is kept: committed, without effect, and rejected in several ways.
async fn kept(stage: &Stage) -> Vec<Value> {
    let task = id();
    stage.account.commit(&[create_task(task, "Read a chapter")]).await;
    stage.account.commit(&[command("task.complete", task)]).await;
    vec![
        new_task("Read 日本語"),
        transaction(&[command("task.complete", task)]),
        transaction(&[command("task.complete", id())]),
        transaction(&[create_task(id(), "R")]),
        transaction(&[]),
        json!({ "transaction_id": id(), "commands": [{ "nothing": 1.0, "deep": { "b": [1, -2, 1e3], "a": null } }] }),
    ]
}

#[tokio::test]
async fn a_repeated_transaction_gets_the_same_receipt_through_every_door() {
    let stage = Stage::set().await;
    let (mut text, mut binary) = (Socket::open(&stage.http).await, Socket::open_cbor(&stage.http).await);
    let mut sent = Vec::new();
    for transaction in kept(&stage).await {
        let first = stage.http.write(&body(&transaction)).await.receipts().remove(0);
        sent.push((transaction, first));
    }
    let before = tables::footprint(&stage.sql).await;
    for (transaction, first) in &sent {
        assert_ne!(first["status"], "deferred", "{first}");
        assert_eq!(stage.http.write(&body(transaction)).await.receipts()[0], *first);
        assert_eq!(over_cbor(&stage.http, transaction).await, *first, "in CBOR");
        assert_eq!(text.write(std::slice::from_ref(transaction)).await[0], *first, "over WebSocket");
        assert_eq!(binary.write(std::slice::from_ref(transaction)).await[0], *first, "over WebSocket in CBOR");
    }
    assert_eq!(tables::footprint(&stage.sql).await, before, "repeats write nothing");
    after_a_restart(stage, &sent).await;
}

async fn after_a_restart(stage: Stage, sent: &[(Value, Value)]) {
    let server = stage.server.restart().await;
    let http = stage.account.device_http(&server, "browser").await;
    for (transaction, first) in sent {
        assert_eq!(http.write(&body(transaction)).await.receipts()[0], *first, "after a restart, from another device");
    }
}

#[tokio::test]
async fn what_is_first_sent_in_cbor_is_the_same_in_json() {
    let stage = Stage::set().await;
    for transaction in kept(&stage).await {
        let first = over_cbor(&stage.http, &transaction).await;
        assert_eq!(stage.http.write(&body(&transaction)).await.receipts()[0], first);
    }
}

#[tokio::test]
async fn a_repeat_within_one_request_gets_the_same_receipt() {
    let stage = Stage::set().await;
    let sent = new_task("Read");
    let receipts = stage.http.write(&json!({ "transactions": [sent, sent, sent] })).await.receipts();
    assert_eq!((&receipts[0], &receipts[1]), (&receipts[1], &receipts[2]));
    assert_eq!(
        tables::count(&stage.sql, "SELECT count(*) FROM tasks WHERE space_id = $1", stage.account.space()).await,
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_id_sent_sixteen_times_at_once_is_written_once() {
    let stage = Stage::set().await;
    for _ in 0..10 {
        let sent = Arc::new(body(&new_task("Read")));
        let before =
            tables::count(&stage.sql, "SELECT position FROM heads WHERE space_id = $1", stage.account.space()).await;
        let answers = join_all((0..16).map(|_| {
            let (http, sent) = (stage.http.clone(), Arc::clone(&sent));
            tokio::spawn(async move { http.write(&sent).await.receipts().remove(0) })
        }))
        .await;
        let receipts: Vec<Value> = answers.into_iter().map(Result::unwrap).collect();
        assert!(receipts.iter().all(|receipt| *receipt == receipts[0]), "{receipts:?}");
        assert_eq!(receipts[0]["positions"], json!({ "first": before + 1, "last": before + 1 }));
    }
    tables::assert_logs_whole(&stage.sql).await;
}

#[tokio::test]
async fn an_id_with_other_content_is_reused_and_the_first_answer_stands() {
    let stage = Stage::set().await;
    let sent = new_task("Read");
    let first = stage.account.send(sent.clone()).await;
    let before = tables::footprint(&stage.sql).await;
    let mut other = sent.clone();
    other["commands"][0]["data"]["title"] = json!("Write");
    let receipt = stage.account.send(other).await;
    assert_eq!((code(&receipt), &receipt["status"]), ("transaction_reused", &json!("rejected")));
    assert_eq!(tables::footprint(&stage.sql).await, before);
    assert_eq!(stage.account.send(sent.clone()).await, first);
    // What is not content may differ: a retry knows more of the log, and has the same number.
    let mut again = sent;
    again["base"] = json!(stage.cursor().await);
    again["device_seq"] = json!(99);
    assert_eq!(stage.account.send(again).await, first);
}

#[tokio::test]
async fn a_gap_in_device_seq_is_noticed_and_a_known_number_is_refused() {
    let stage = Stage::set().await;
    let numbered = |number: i64| {
        let mut sent = new_task("Read");
        sent["device_seq"] = json!(number);
        sent
    };
    let (first, third) = (numbered(1), numbered(3));
    assert_eq!(stage.account.send(first.clone()).await["notices"], Value::Null);
    let gap = stage.account.send(third.clone()).await;
    assert_eq!((&gap["status"], &gap["notices"][0]["code"]), (&json!("committed"), &json!("device_seq_gap")));
    for known in [1, 2, 3, 0, -5] {
        let receipt = stage.account.send(numbered(known)).await;
        assert_eq!(code(&receipt), "device_seq_reused", "{known}: {receipt}");
    }
    assert_eq!(stage.account.send(third).await, gap, "the receipt is looked up before the number");
    assert_eq!(stage.account.send(numbered(4)).await["notices"], Value::Null);
    let other = stage.account.device(&stage.server, "browser").await;
    let receipts = Http::of(&other).await.write(&body(&numbered(1))).await.receipts();
    assert_eq!(receipts[0]["status"], "committed", "each device counts for itself");
}

#[tokio::test]
async fn extreme_clocks_are_survived() {
    let stage = Stage::set().await;
    let times = [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX];
    for at in times {
        for sent_at in times.map(Some).into_iter().chain([None]) {
            let (task, mut create, mut complete) = (id(), Value::Null, Value::Null);
            for (command, kind) in [(&mut create, "task.create"), (&mut complete, "task.complete")] {
                *command = if kind == "task.create" {
                    create_task(task, "Read")
                } else {
                    support::commands::command(kind, task)
                };
                command["at"] = json!(at);
            }
            let sent = json!({ "sent_at": sent_at, "transactions": [transaction(&[create, complete])] });
            let receipts = stage.http.write(&sent).await.receipts();
            assert_eq!(receipts[0]["status"], "committed", "{at} {sent_at:?}: {}", receipts[0]);
        }
    }
    tables::assert_logs_whole(&stage.sql).await;
}
