//! `X-Wait-For`: a read is served once the node sees what the cursor has seen, and says clearly when it never will.

use std::time::{Duration, Instant};

use application::cursor::Cursor;
use infrastructure::clock::now_ms;
use serde_json::{Value, json};
use support::commands::{create_task, id, new_task};
use support::patience::until;
use support::{Account, Http, Setup, TestServer};

use crate::stage::{Stage, cursor_of};

const READS: [&str; 7] = [
    "/api/v2/changes",
    "/api/v2/snapshot",
    "/api/v2/tasks",
    "/api/v2/heroes",
    "/api/v2/rejections",
    "/api/v2/conflicts",
    "/api/v2/events",
];

fn waiting(http: &Http, cursor: &str) -> Http {
    http.with_header("x-wait-for", cursor)
}

#[tokio::test]
async fn what_was_written_is_seen_at_every_node_that_waits_for_it() {
    let stage = Stage::set().await;
    let other = TestServer::start_with(Setup { data_dir: stage.server.setup().data_dir, ..Setup::of(&stage.database) });
    let there = stage.account.device_http(&other, "browser").await;
    for _ in 0..3 {
        let task = id();
        let body = json!({ "transactions": [support::commands::transaction(&[create_task(task, "Read")])] });
        let written = stage.http.write(&body).await.json();
        let seen = waiting(&there, written["written"].as_str().unwrap()).get(&format!("/api/v2/tasks/{task}")).await;
        assert_eq!(seen.status, 200, "{}", String::from_utf8_lossy(&seen.body));
    }
}

/// A cursor that the log has not come to yet.
async fn ahead(stage: &Stage) -> String {
    let now = Cursor::read(&stage.cursor().await).unwrap();
    Cursor { position: now.position + 1, ..now }.token()
}

#[tokio::test]
async fn what_does_not_come_within_two_seconds_is_not_yet_there() {
    let stage = Stage::set().await;
    let cursor = ahead(&stage).await;
    let begun = now_ms();
    let answer = waiting(&stage.http, &cursor).get("/api/v2/tasks").await;
    assert!(now_ms() - begun >= 2_000, "it waited");
    assert_eq!((answer.status, answer.problem().as_str()), (503, "not_yet"));
    assert!(!answer.header("retry-after").is_empty() && answer.json()["retry_after_ms"].is_u64());
    // The server is none the worse for it.
    assert_eq!(stage.http.get("/api/v2/tasks").await.status, 200);
}

/// Well within the two seconds: whoever waited for a write that took longer may have been sent away before it.
const IN_TIME: Duration = Duration::from_secs(1);

#[tokio::test]
async fn whoever_waits_is_served_with_the_commit_that_it_waits_for() {
    let stage = Stage::set().await;
    let answer = until("a write in time", async || {
        let waiter = waiting(&stage.http, &ahead(&stage).await);
        let (body, begun) = (json!({ "transactions": [new_task("Read")] }), Instant::now());
        let write = async { (stage.http.write(&body).await, begun.elapsed()) };
        let (answer, (written, took)) = tokio::join!(waiter.get("/api/v2/tasks"), write);
        assert_eq!(written.receipts()[0]["status"], "committed");
        (took < IN_TIME).then_some(answer)
    })
    .await;
    // Its hash is not that of what came: the node saw the position and says that it is another log's.
    assert_eq!((answer.status, answer.problem().as_str()), (409, "cursor_outlived"));
}

#[tokio::test]
async fn a_cursor_that_will_never_come_is_refused_clearly_on_every_read() {
    let stage = Stage::set().await;
    let good = Cursor::read(&stage.cursor().await).unwrap();
    let foreign = cursor_of(&Account::register(&stage.server).await.http().await).await;
    let cases: [(String, u16, &str); 4] = [
        (Cursor { epoch: id(), ..good }.token(), 409, "cursor_outlived"),
        (Cursor { hash: [9; 8], ..good }.token(), 409, "cursor_outlived"),
        (foreign, 400, "cursor_foreign"),
        ("garbage".to_owned(), 400, "cursor_invalid"),
    ];
    for path in READS {
        assert_eq!(
            waiting(&stage.http, &good.token()).request(reqwest::Method::GET, path).send().await.unwrap().status(),
            200,
            "{path}"
        );
        for (cursor, status, code) in &cases {
            let answer = waiting(&stage.http, cursor).get(path).await;
            assert_eq!((answer.status, answer.problem().as_str()), (*status, *code), "{path}");
        }
    }
    let nobody = Http::nobody(stage.server.url()).with_header("x-wait-for", "garbage");
    assert_eq!(nobody.get("/api/v2/tasks").await.problem(), "token_missing", "who asks comes first");
}

#[tokio::test]
async fn every_answer_of_the_feed_says_where_the_reader_stands() {
    let stage = Stage::set().await;
    let page = stage.http.get("/api/v2/changes?limit=1").await.json();
    let last = stage.http.get("/api/v2/changes").await.json();
    let mut socket = support::Socket::open(&stage.http).await;
    socket.subscribe(None).await;
    let live = socket.hear().await;
    let event = support::Sse::open(&stage.http, None).await.next().await.unwrap().data;
    for said in [&page, &last, &live, &event] {
        assert!(said["cursor"].is_string() && said["head"].is_i64() && said["pending"].is_i64(), "{said}");
        assert_eq!(said["caught_up"], json!(said["pending"] == 0), "{said}");
        assert_eq!(said["checksum"].is_string(), said["caught_up"] == Value::Bool(true), "{said}");
    }
    assert_eq!((&page["caught_up"], &last["caught_up"]), (&json!(false), &json!(true)));
}
