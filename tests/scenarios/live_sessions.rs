//! Live connections follow their session: they end with it, on every node, and nothing more is taken from them.

use std::time::Instant;

use serde_json::{Value, json};
use support::commands::new_task;
use support::{Http, Socket, Sse, TestServer, tables};

use crate::sign_in::{SignedIn, assert_refused, sign_in, sign_in_on};
use crate::stage::{Stage, cursor_of};

async fn end(stage: &Stage, tokens: &SignedIn) {
    let answer = stage.http.delete(&format!("/api/v2/auth/sessions/{}", tokens.session())).await;
    assert_eq!(answer.status, 204);
}

async fn open(http: &Http) -> Socket {
    let mut socket = Socket::open(http).await;
    socket.subscribe(None).await;
    socket.hear_type("changes").await;
    socket
}

/// The connection is told why, and closed.
async fn assert_told_and_closed(socket: &mut Socket, because: &str) {
    let said = socket.hear_type("error").await;
    assert_eq!(said["code"], "session_revoked", "{said}");
    assert_eq!(said["problem"]["because"], because, "{said}");
    assert!(said["problem"]["detail"].as_str().is_some_and(|sentence| sentence.ends_with('.')), "{said}");
    assert_eq!(socket.next().await, Err(Some(4401)));
}

#[tokio::test]
async fn a_phone_that_is_revoked_from_a_browser_is_told_and_closed() {
    let stage = Stage::set().await;
    let phone = sign_in(&stage.http, &stage.account, "phone").await;
    let tablet = sign_in(&stage.http, &stage.account, "tablet").await;
    let (mut lost, mut kept) = (open(&phone.http(&stage.http)).await, open(&tablet.http(&stage.http)).await);
    let began = Instant::now();
    end(&stage, &phone).await;
    assert_told_and_closed(&mut lost, "ended_elsewhere").await;
    println!("closed {} ms after the request that revoked it", began.elapsed().as_millis());
    assert_eq!(assert_refused(&stage.http, phone.refresh_token()).await.as_deref(), Some("ended_elsewhere"));
    let access = phone.http(&stage.http).get("/api/v2/auth/me").await;
    assert_eq!((access.status, access.problem().as_str()), (401, "session_revoked"));
    kept.assert_usable().await;
    Socket::try_open(&phone.http(&stage.http), None, true).await.expect_err("a refused handshake");
}

#[tokio::test]
async fn another_node_closes_it_too() {
    let stage = Stage::set().await;
    let other_node = TestServer::start_with(stage.server.setup());
    let phone = sign_in(&stage.http, &stage.account, "phone").await;
    let there = phone.http(&Http::nobody(other_node.url()));
    let (mut socket, mut sse) = (open(&there).await, Sse::open(&there, None).await);
    let began = Instant::now();
    end(&stage, &phone).await;
    assert_told_and_closed(&mut socket, "ended_elsewhere").await;
    println!("closed on another node {} ms after the request that revoked it", began.elapsed().as_millis());
    let access = there.get("/api/v2/auth/me").await;
    assert_eq!((access.status, access.problem().as_str()), (401, "session_revoked"));
    assert_last_event(&mut sse).await;
}

/// Events until one that says why, and then nothing.
async fn assert_last_event(sse: &mut Sse) {
    loop {
        let event = sse.next().await.expect("a last word");
        if event.event == "error" {
            assert_eq!(event.data["code"], "session_revoked");
            assert_eq!(event.data["problem"]["because"], "ended_elsewhere");
            break;
        }
        assert_eq!(event.event, "changes");
    }
    assert_eq!(sse.next().await, None);
}

#[tokio::test]
async fn an_event_stream_and_a_long_poll_end_with_their_session() {
    let stage = Stage::set().await;
    let phone = sign_in(&stage.http, &stage.account, "phone").await;
    let http = phone.http(&stage.http);
    let mut sse = Sse::open(&http, None).await;
    assert_eq!(sse.next().await.unwrap().event, "changes");
    let path = format!("/api/v2/changes?cursor={}&wait=30", cursor_of(&http).await);
    let polling = tokio::spawn({
        let http = http.clone();
        async move { http.get(&path).await }
    });
    // The poll was sent before this round trip; should it still be on its way, it gets the same answer at the door.
    http.get("/api/v2/auth/me").await;
    end(&stage, &phone).await;
    let answer = support::patience::within("the poll's answer", polling).await.unwrap();
    assert_eq!((answer.status, answer.problem().as_str()), (401, "session_revoked"));
    assert_eq!(answer.json()["because"], "ended_elsewhere");
    assert_last_event(&mut sse).await;
}

#[tokio::test]
async fn nothing_is_taken_from_a_connection_after_its_session_ended() {
    let stage = Stage::set().await;
    for _ in 0..5 {
        let phone = sign_in(&stage.http, &stage.account, "phone").await;
        let mut socket = open(&phone.http(&stage.http)).await;
        assert_eq!(socket.write(&[new_task("Before")]).await[0]["status"], "committed");
        let before = tables::footprint(&stage.sql).await;
        end(&stage, &phone).await;
        for id in 0..10 {
            socket.say(&json!({ "type": "transactions", "id": id, "transactions": [new_task("After")] })).await;
        }
        loop {
            match socket.next().await {
                Ok(said) => assert_ne!(said["type"], "receipts", "{said}"),
                Err(code) => break assert_eq!(code, Some(4401)),
            }
        }
        assert_eq!(tables::footprint(&stage.sql).await, before);
    }
}

/// Fills the space with a page of long tasks.
async fn fill(stage: &Stage) {
    for _ in 0..4 {
        let task = || {
            let text = json!({ "title": "x".repeat(200), "description": "y".repeat(2_000) });
            support::commands::command_with("task.create", support::commands::id(), text)
        };
        stage.account.commit(&(0..50).map(|_| task()).collect::<Vec<_>>()).await;
    }
}

/// Asks for more than is taken, and waits until the server has begun to read what it sends, and stopped: nothing else
/// tells from outside that it waits for somebody who takes nothing.
async fn stuck_in_sending(stage: &Stage, stuck: &mut Socket) {
    // Held at its first page, so that the beginning is seen however long the look takes.
    let lock = stage.database.connect().await;
    lock.batch_execute("BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE").await.unwrap();
    for _ in 0..100 {
        stuck.subscribe(None).await;
    }
    let reads = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                 AND query LIKE '%JOIN events next%'";
    let (begun, late) = (
        format!("{reads} AND wait_event_type = 'Lock'"),
        format!("{reads} AND query_start > clock_timestamp() - interval '1 second'"),
    );
    let count = async |statement: &str| stage.sql.query_one(statement, &[]).await.unwrap().get::<_, i64>(0);
    support::patience::until("a page", async || (count(&begun).await > 0).then_some(())).await;
    lock.batch_execute("COMMIT").await.unwrap();
    // A connection shows its last statement only, so one look is not enough.
    let mut quiet = 0;
    support::patience::until("the last page", async || {
        quiet = if count(&late).await == 0 { quiet + 1 } else { 0 };
        (quiet == 50).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_let_go_with_its_session() {
    let stage = Stage::set().await;
    fill(&stage).await;
    let device = json!({ "device_id": support::commands::id(), "platform": "web", "device_name": "browser" });
    let one = sign_in_on(&stage.http, &stage.account, &device).await;
    let two = sign_in_on(&stage.http, &stage.account, &device).await;
    // As many connections as a device may have; one of them is sent more than anything between it and the server holds,
    // and reads not a word of it.
    let mut kept = Vec::new();
    for _ in 0..7 {
        kept.push(Socket::open(&two.http(&stage.http)).await);
    }
    let mut stuck = Socket::open(&one.http(&stage.http)).await;
    stuck_in_sending(&stage, &mut stuck).await;
    let began = Instant::now();
    end(&stage, &one).await;
    support::patience::until("room for the device's next connection", async || {
        let mut socket = Socket::open(&two.http(&stage.http)).await;
        socket.say(&json!({ "type": "ping" })).await;
        matches!(socket.next().await, Ok(said) if said["type"] == "pong").then_some(())
    })
    .await;
    println!("let go {} ms after the request that revoked it", began.elapsed().as_millis());
    drop((kept, stuck));
}

#[tokio::test]
async fn a_connection_goes_on_in_another_session_of_its_device() {
    let stage = Stage::set().await;
    let device = json!({ "device_id": support::commands::id(), "platform": "web", "device_name": "browser" });
    let one = sign_in_on(&stage.http, &stage.account, &device).await;
    let two = sign_in_on(&stage.http, &stage.account, &device).await;
    let ended = sign_in_on(&stage.http, &stage.account, &device).await;
    end(&stage, &ended).await;
    let mut socket = open(&one.http(&stage.http)).await;
    socket.say(&json!({ "type": "auth", "token": ended.access_token() })).await;
    assert_eq!(socket.hear_type("error").await["code"], "session_revoked", "the old one stays in force");
    socket.assert_usable().await;
    socket.say(&json!({ "type": "auth", "token": two.access_token() })).await;
    socket.assert_usable().await;
    end(&stage, &one).await;
    socket.assert_usable().await;
    assert_eq!(socket.write(&[new_task("In the other session")]).await[0]["status"], "committed");
    end(&stage, &two).await;
    assert_told_and_closed(&mut socket, "ended_elsewhere").await;
}

#[tokio::test]
async fn another_device_of_the_account_cannot_take_a_connection_over() {
    let stage = Stage::set().await;
    let (phone, tablet) =
        (sign_in(&stage.http, &stage.account, "phone").await, sign_in(&stage.http, &stage.account, "tablet").await);
    let mut socket = open(&phone.http(&stage.http)).await;
    socket.say(&json!({ "type": "auth", "token": tablet.access_token() })).await;
    assert_eq!(socket.hear_type("error").await["code"], "token_invalid");
    assert_eq!(socket.next().await, Err(Some(4401)));
}

#[tokio::test]
async fn the_protocols_client_stops_when_its_session_is_ended_on_purpose() {
    let stage = Stage::set().await;
    let phone = stage.account.device(&stage.server, "phone").await;
    let mut live = api::client::Live::from(phone.clone(), None);
    live.next().await.expect("connected");
    let path = format!("/api/v2/auth/sessions/{}", phone.session_id());
    assert_eq!(stage.http.delete(&path).await.status, 204);
    let over = loop {
        if let Err(error) = support::patience::within("the end", live.next()).await {
            break error;
        }
    };
    assert_eq!(over.code(), Some("session_revoked"));
    let error = phone.get::<Value>("/api/v2/auth/me").await.expect_err("no way back without its person");
    assert!(error.is_end_of_session(), "{error}");
}

/// A session that has ended at this moment, by the clock of the database.
const ENDED: &str = "INSERT INTO revoked_sessions (session_id, because, revoked_at, forget_at)
    VALUES ($1, 'signed_out', $2, 9000000000000000)";
/// Years from now, ms.
const LATE: i64 = 4_000_000_000_000;

async fn until_refused(at: &Http, tokens: &SignedIn) {
    let http = tokens.http(at);
    support::patience::until("the refusal", async || (http.get("/api/v2/auth/me").await.status == 401).then_some(()))
        .await;
}

#[tokio::test]
async fn nodes_hear_of_an_end_whatever_the_clock_of_the_database_says() {
    let stage = Stage::set().await;
    let there = Http::nobody(stage.server.url());
    let (early, late) =
        (sign_in(&stage.http, &stage.account, "early").await, sign_in(&stage.http, &stage.account, "late").await);
    // The clock was years ahead, was seen to be, and went back.
    stage.sql.execute(ENDED, &[&late.session(), &LATE]).await.unwrap();
    until_refused(&there, &late).await;
    stage.sql.execute(ENDED, &[&early.session(), &1_i64]).await.unwrap();
    until_refused(&there, &early).await;
}

#[tokio::test]
async fn nodes_hear_of_an_end_whose_commit_took_long() {
    let mut stage = Stage::set().await;
    let there = Http::nobody(stage.server.url());
    let (slow, quick) =
        (sign_in(&stage.http, &stage.account, "slow").await, sign_in(&stage.http, &stage.account, "quick").await);
    let transaction = stage.sql.transaction().await.unwrap();
    transaction.execute(ENDED, &[&slow.session(), &1_i64]).await.unwrap();
    let beside = stage.database.connect().await;
    beside.execute(ENDED, &[&quick.session(), &LATE]).await.unwrap();
    until_refused(&there, &quick).await;
    transaction.commit().await.unwrap();
    until_refused(&there, &slow).await;
}

#[tokio::test]
async fn rows_of_another_servers_numbers_hide_no_end() {
    let stage = Stage::set().await;
    let there = Http::nobody(stage.server.url());
    let phone = sign_in(&stage.http, &stage.account, "phone").await;
    // As a backup of an older server brings them.
    let foreign = "INSERT INTO revoked_sessions (session_id, because, revoked_at, forget_at, written_in)
        SELECT gen_random_uuid(), 'signed_out', 1, 9000000000000000, 8000000000000000000 FROM generate_series(1, 10)";
    stage.sql.execute(foreign, &[]).await.unwrap();
    end(&stage, &phone).await;
    until_refused(&there, &phone).await;
}
