//! What becomes of those who write, and of those who sign in, while the queue of transactions is full.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use infrastructure::config::Limits;
use serde_json::json;
use support::commands::{create_task, id, new_task, transaction};
use support::patience::{until, within};
use support::{Account, Answer};

use crate::limits::stage;
use crate::stage::Stage;

/// How many statements wait for a lock in the database of this stage.
pub(crate) async fn waiting(stage: &Stage) -> i64 {
    let statement =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    stage.sql.query_one(statement, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_that_find_the_queue_full_are_told_so_and_nothing_of_theirs_is_done() {
    let stage = stage(Limits { waiting_transactions: 2, ..Limits::off() }).await;
    let lock = stage.database.connect().await;
    lock.batch_execute("BEGIN; LOCK TABLE receipts IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let writes: Vec<_> = (0..10).map(|number| transaction(&[create_task(id(), &format!("Task {number}"))])).collect();
    let bodies: Vec<_> = writes.iter().map(|write| json!({ "transactions": [write] })).collect();
    let mut sent: FuturesUnordered<_> = bodies.iter().map(|body| stage.http.write(body)).collect();
    let first = within("an answer", sent.next()).await.unwrap();
    assert_eq!((first.status, first.problem().as_str()), (503, "busy"));
    assert!(first.header("retry-after").parse::<u64>().unwrap() > 0);
    lock.batch_execute("COMMIT").await.unwrap();
    let rest: Vec<Answer> = within("the others", sent.collect()).await;
    let written = rest.iter().filter(|answer| answer.status == 200).count();
    // One at least: whether another found room depends on when the first flew.
    assert!((1..10).contains(&written), "{written} were taken");
    let tasks: i64 = stage.sql.query_one("SELECT count(*) FROM tasks", &[]).await.unwrap().get(0);
    assert_eq!(tasks, i64::try_from(written).unwrap());
    for write in &writes {
        let receipts = stage.http.write(&json!({ "transactions": [write] })).await.receipts();
        assert_eq!(receipts[0]["status"], "committed", "sent again, it is done");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_writes_without_end_leaves_room_for_the_others() {
    let stage = stage(Limits { waiting_transactions: 40, ..Limits::off() }).await;
    let other = Account::register(&stage.server).await.http().await;
    let lock = stage.database.connect().await;
    lock.batch_execute("BEGIN; LOCK TABLE receipts IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let body = || json!({ "transactions": (0..4).map(|_| new_task("Again")).collect::<Vec<_>>() });
    let bodies: Vec<_> = (0..100).map(|_| body()).collect();
    let mut sent: FuturesUnordered<_> = bodies.iter().map(|body| stage.http.write(body)).collect();
    let mut refused = 0;
    // Those that found room, and what is being written, wait for the table.
    while refused < 80 {
        let answer = within("a refusal", sent.next()).await.unwrap();
        assert_eq!((answer.status, answer.problem().as_str()), (503, "busy"));
        refused += 1;
    }
    let theirs = json!({ "transactions": [new_task("Once")] });
    let writing = tokio::spawn(async move { other.write(&theirs).await });
    until("the refusal of the rest, or the end of their wait", async || {
        (waiting(&stage).await > 1 || writing.is_finished()).then_some(())
    })
    .await;
    assert!(!writing.is_finished(), "there is room for it");
    lock.batch_execute("COMMIT").await.unwrap();
    assert_eq!(within("their write", writing).await.unwrap().receipts()[0]["status"], "committed");
    let _: Vec<Answer> = within("the others", sent.collect()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ins_that_find_the_queue_full_close_the_database_to_nobody() {
    let stage = stage(Limits { waiting_transactions: 1, ..Limits::off() }).await;
    let other = Account::register(&stage.server).await;
    let lock = stage.database.connect().await;
    lock.batch_execute("BEGIN; LOCK TABLE receipts IN ACCESS EXCLUSIVE MODE").await.unwrap();
    // One has left the queue and holds its space up: whoever waits behind it fills the queue until the lock goes.
    let http = stage.http.clone();
    let first = tokio::spawn(async move { http.write(&json!({ "transactions": [new_task("First")] })).await });
    until("a write that waits for the table", async || (waiting(&stage).await > 0).then_some(())).await;
    let bodies: Vec<_> = (0..10).map(|_| json!({ "transactions": [new_task("Again")] })).collect();
    let mut sent: FuturesUnordered<_> = bodies.iter().map(|body| stage.http.write(body)).collect();
    assert_eq!(within("an answer", sent.next()).await.unwrap().problem(), "busy");
    let credentials = &other.credentials;
    let login = json!({ "email": credentials.email, "password": credentials.password }).to_string();
    for _ in 0..6 {
        let answer = stage.http.post("/api/v2/auth/login", login.clone()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (503, "busy"));
    }
    assert_eq!(stage.http.get("/api/v2/auth/me").await.status, 200);
    lock.batch_execute("COMMIT").await.unwrap();
    assert_eq!(within("the first", first).await.unwrap().receipts()[0]["status"], "committed");
    let _: Vec<Answer> = within("the others", sent.collect()).await;
}
