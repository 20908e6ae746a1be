//! What goes wrong with devices elsewhere when they or their server start again, each trap by name.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::Duration;

use api::client::{Credentials, Device, Server, Session};
use futures_util::future::join_all;
use infrastructure::clock::{now_ms, uuid_v7};
use serde_json::{Value, json};
use support::commands::{command, create_task, edit_task, id, transaction};
use support::{Database, Setup, TestServer, tables};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::installations::{Person, assert_settled, hero, titles};

#[tokio::test]
async fn the_ack_of_my_own_push_never_moves_my_cursor_over_the_events_of_others() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, mut phone) = Person::register(&server).await;
    let mut browser = person.device(&server, "browser").await;
    phone.sync().await;
    browser.kept.write(vec![create_task(id(), "of the browser")]);
    browser.sync().await;
    let stood = phone.kept.replica.position();
    phone.kept.write(vec![create_task(id(), "of the phone")]);
    phone.kept.push().await.unwrap();
    assert_eq!(phone.kept.replica.position(), stood, "only what was read moves the cursor");
    let sql = database.connect().await;
    // The replica refuses a feed that skips.
    assert_settled(&sql, person.space, &mut [&mut phone, &mut browser]).await;
    assert_eq!(titles(&sql, person.space).await, ["of the browser", "of the phone"]);
}

#[tokio::test]
async fn a_poisoned_transaction_neither_stops_nor_reorders_the_queue() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, mut phone) = Person::register(&server).await;
    let task = id();
    phone.kept.write(vec![create_task(task, "first")]);
    phone.kept.write(vec![create_task(id(), "x")]);
    phone.kept.write(vec![json!({ "nonsense": "\u{0}" })]);
    phone.kept.write(vec![edit_task(task, json!({ "title": "second" }))]);
    phone.kept.write(vec![command("task.complete", id())]);
    phone.kept.write(vec![edit_task(task, json!({ "title": "third" }))]);
    phone.sync().await;
    let sql = database.connect().await;
    assert_eq!(titles(&sql, person.space).await, ["third"]);
    assert_eq!((phone.kept.outbox.waiting(), phone.kept.outbox.refused().len()), (0, 3));
    let listed = person.http(&server).await.get("/api/v2/rejections").await.json();
    let listed: Vec<&Value> = listed["items"].as_array().unwrap().iter().rev().map(|one| &one["commands"]).collect();
    let refused: Vec<&Value> = phone.kept.outbox.refused().iter().map(|one| &one.transaction["commands"]).collect();
    assert_eq!(listed.len(), 3);
    assert!(refused.iter().all(|one| listed.contains(one)), "{listed:?}");
}

#[tokio::test]
async fn starting_again_keeps_what_waits() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, mut phone) = Person::register(&server).await;
    let mut browser = person.device(&server, "browser").await;
    browser.sync().await;
    for number in 0..3 {
        browser.kept.write(vec![create_task(id(), &format!("offline {number}"))]);
    }
    phone.kept.write(vec![create_task(id(), "meanwhile")]);
    phone.sync().await;
    let sql = database.connect().await;
    sql.execute("UPDATE heads SET floor = position WHERE space_id = $1", &[&person.space]).await.unwrap();
    browser.sync().await;
    assert_eq!(browser.kept.resets(), ["archived"]);
    assert_settled(&sql, person.space, &mut [&mut phone, &mut browser]).await;
    assert_eq!(titles(&sql, person.space).await, ["meanwhile", "offline 0", "offline 1", "offline 2"]);
    let http = person.http(&server).await;
    let reset = http.get("/api/v2/changes?snapshot=never").await.json();
    assert_eq!(
        (&reset["reason"], &reset["resend_after"], &reset["base"]),
        (&json!("archived"), &Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn a_device_that_was_restored_from_a_backup_heals_without_losing_its_queue() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, mut phone) = Person::register(&server).await;
    phone.kept.write(vec![create_task(id(), "before")]);
    phone.sync().await;
    phone.kept.write(vec![create_task(id(), "queued in the backup")]);
    let mut backup = phone.clone();
    phone.sync().await;
    for number in 0..3 {
        phone.kept.write(vec![create_task(id(), &format!("after the backup {number}"))]);
    }
    phone.sync().await;
    // The restored device counts again from the backup, and its user has gone on.
    let task = id();
    backup.kept.write(vec![create_task(task, "on the restored device")]);
    backup.kept.write(vec![command("task.complete", task)]);
    backup.sync().await;
    let sql = database.connect().await;
    assert_settled(&sql, person.space, &mut [&mut backup]).await;
    let expected = [
        "after the backup 0",
        "after the backup 1",
        "after the backup 2",
        "before",
        "on the restored device",
        "queued in the backup",
    ];
    assert_eq!(titles(&sql, person.space).await, expected);
    assert_eq!(hero(&sql, person.space, "tasks_completed").await, 1);
    let left = person.http(&server).await.get("/api/v2/rejections").await.json();
    assert_eq!(left["items"], json!([]), "what healed by itself needs nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_starts_again_at_once_is_served_and_loses_nothing() {
    const DEVICES: usize = 15;
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, first) = Person::register(&server).await;
    let mut crowd = vec![first];
    for number in 1..DEVICES {
        crowd.push(person.device(&server, &format!("device {number}")).await);
    }
    for gadget in &mut crowd {
        gadget.sync().await;
        gadget.kept.write(vec![create_task(id(), "of everybody")]);
    }
    let setup = server.setup();
    server.stop().await;
    let (exit, _, error) = support::process::run(&database.url(), setup.data_dir.path(), &["new-epoch", "--yes"]).await;
    assert_eq!(exit, 0, "{error}");
    let server = TestServer::start_with(setup);
    let mut back = Vec::new();
    for gadget in crowd {
        back.push(person.again(&server, gadget).await);
    }
    join_all(back.iter_mut().map(|gadget| gadget.sync())).await;
    let sql = database.connect().await;
    assert!(back.iter().all(|gadget| gadget.kept.resets() == ["epoch"]));
    assert_settled(&sql, person.space, &mut back.iter_mut().collect::<Vec<_>>()).await;
    assert_eq!(titles(&sql, person.space).await.len(), DEVICES);
}

/// Answers every request with 401, but signs everybody in; how often it was asked.
async fn hostile(asked: std::sync::Arc<std::sync::atomic::AtomicUsize>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::at(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let mut head = vec![0; 16_384];
            let length = stream.read(&mut head).await.unwrap_or_default();
            let text = String::from_utf8_lossy(&head[..length]).into_owned();
            let signed_in = json!({ "account": { "id": id() }, "device_id": id(), "session_id": id(), "access_token": "a",
                "expires_in": 900, "refresh_token": "r" });
            let (status, body) = match text.contains("/auth/login") {
                true => ("200 OK", signed_in),
                false => ("401 Unauthorized", json!({ "status": 401, "code": "token_expired" })),
            };
            let body = body.to_string();
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            drop(stream.write_all(answer.as_bytes()).await);
        }
    });
    server
}

#[tokio::test]
async fn a_server_that_refuses_every_token_is_not_asked_in_a_loop() {
    let asked = std::sync::Arc::default();
    let server = hostile(std::sync::Arc::clone(&asked)).await;
    let credentials =
        Credentials { email: "ada@example.test".to_owned(), password: "correct horse battery".to_owned() };
    let session = Session::login(&server, &credentials, &Device::fresh("ios", "phone")).await.unwrap();
    let mut kept = api::client::Installation::new(std::sync::Arc::new(session), Duration::from_secs(60));
    kept.write(vec![create_task(id(), "kept")]);
    let refused = kept.sync().await.expect_err("a refusal");
    assert_eq!(refused.status(), Some(401));
    let asked = asked.load(std::sync::atomic::Ordering::Relaxed);
    assert!(asked <= 5, "asked {asked} times: signing in, reading, refreshing, signing in, reading");
    assert_eq!(kept.outbox.waiting(), 1, "what waits stays");
}

#[tokio::test]
async fn a_base_that_was_read_at_another_node_is_known_here() {
    let database = Database::fresh().await;
    let setup = Setup::of(&database);
    let (one, other) = (TestServer::start_with(setup.clone()), TestServer::start_with(setup));
    let (person, mut phone) = Person::register(&one).await;
    phone.kept.write(vec![create_task(id(), "here")]);
    phone.sync().await;
    let mut browser = person.device(&other, "browser").await;
    browser.kept.write(vec![create_task(id(), "there")]);
    browser.sync().await;
    // Read there, written here, where the head that is remembered is older than the base.
    let mut sent = transaction(&[create_task(id(), "back here")]);
    sent["base"] = json!(browser.kept.replica.cursor());
    let receipt = person.http(&one).await.write(&json!({ "transactions": [sent] })).await.receipts().remove(0);
    assert_eq!(receipt["status"], "committed", "{receipt}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_queued_commands_drain_in_order_while_another_device_works() {
    const TRANSACTIONS: usize = 2_500;
    const COMMANDS: usize = 4;
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, mut phone) = Person::register(&server).await;
    let mut browser = person.device(&server, "browser").await;
    let task = id();
    phone.kept.write(vec![create_task(task, "counted")]);
    phone.sync().await;
    let queued: Vec<_> = (0..TRANSACTIONS)
        .map(|number| {
            let edit = |part| edit_task(task, json!({ "estimated_minutes": 1 + (number * COMMANDS + part) % 480 }));
            phone.kept.write((0..COMMANDS).map(edit).collect())
        })
        .collect();
    let started = now_ms();
    let (mut between, mut longest) = (0, 0);
    let drained = Cell::new(false);
    let draining = async {
        phone.kept.sync().await.unwrap();
        drained.set(true);
    };
    let working = async {
        while !drained.get() {
            let begun = now_ms();
            browser.kept.write(vec![create_task(uuid_v7(), &format!("beside {between}"))]);
            browser.sync().await;
            longest = longest.max(now_ms() - begun);
            between += 1;
        }
    };
    tokio::join!(draining, working);
    let took = (now_ms() - started).max(1);
    let rate = i64::try_from(TRANSACTIONS * COMMANDS).unwrap() * 1_000 / took;
    println!("{TRANSACTIONS} transactions, {rate} commands/s; beside them {between} syncs, the longest {longest} ms");
    assert!(between > 1, "the other device got through while the queue drained");
    let sql = database.connect().await;
    assert_settled(&sql, person.space, &mut [&mut phone, &mut browser]).await;
    let order = "SELECT transaction_id FROM events WHERE space_id = $1 AND aggregate_id = $2 ORDER BY position";
    let rows = sql.query(order, &[&person.space, &task]).await.unwrap();
    let mut written: Vec<uuid::Uuid> = rows.iter().skip(1).map(|row| row.get(0)).collect();
    written.dedup();
    assert_eq!(written, queued);
    assert_eq!(written.iter().collect::<BTreeSet<_>>().len(), TRANSACTIONS);
    a_newcomer_leaps(&person, &server, &sql).await;
}

/// Somebody new to so long a log is sent to the snapshot, unless it wants the log.
async fn a_newcomer_leaps(person: &Person, server: &TestServer, sql: &tokio_postgres::Client) {
    let http = person.http(server).await;
    assert_eq!(http.get("/api/v2/changes").await.json()["reason"], "cheaper");
    assert_eq!(http.get("/api/v2/changes?snapshot=never").await.json()["changes"][0]["position"], 1);
    let mut socket = support::Socket::open(&http).await;
    socket.subscribe(None).await;
    assert_eq!(socket.hear().await["reason"], "cheaper");
    socket.say(&json!({ "type": "subscribe", "space": null, "cursor": null, "snapshot": "never" })).await;
    assert_eq!(socket.hear().await["changes"][0]["position"], 1);
    let mut tablet = person.device(server, "tablet").await;
    assert_settled(sql, person.space, &mut [&mut tablet]).await;
    assert_eq!(tablet.kept.resets(), ["cheaper"]);
    assert!(tables::count(sql, "SELECT position FROM heads WHERE space_id = $1", person.space).await > 10_000);
}
