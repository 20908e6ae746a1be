//! The rules of the store, looked at from below: group commits, locked heads, poison, and two servers on one database.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::client::Replica;
use futures_util::future::join_all;
use serde_json::{Value, json};
use support::commands::{create_task, edit_task, id, new_task, transaction};
use support::patience::until;
use support::{Account, Http, Setup, Socket, TestServer, tables};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::stage::{Stage, cursor_of};

/// Holds the row lock of a space's head until it is dropped.
async fn lock_head(stage: &Stage, space: Uuid) -> Client {
    let holder = stage.database.connect().await;
    holder.batch_execute("BEGIN").await.unwrap();
    holder.query_one("SELECT position FROM heads WHERE space_id = $1 FOR UPDATE", &[&space]).await.unwrap();
    holder
}

async fn people(stage: &Stage, count: usize) -> Vec<Account> {
    join_all((0..count).map(|_| Account::register(&stage.server))).await
}

/// Each sends one transaction, all at once; their receipts.
async fn all_at_once(people: &[Account], title: &str) -> Vec<Value> {
    join_all(people.iter().map(|person| person.send(new_task(title)))).await
}

#[tokio::test]
async fn several_spaces_are_written_by_one_commit() {
    let stage = Stage::set().await;
    let people = people(&stage, 24).await;
    let mut most = 0;
    for round in 0..5 {
        let title = format!("Round {round}");
        assert!(all_at_once(&people, &title).await.iter().all(|receipt| receipt["status"] == "committed"));
        let statement = "SELECT max(n) FROM (SELECT count(DISTINCT space_id) AS n FROM tasks WHERE title = $1 GROUP BY xmin::text) t";
        most = most.max(stage.sql.query_one(statement, &[&title]).await.unwrap().get::<_, i64>(0));
    }
    assert!(most > 1, "no commit wrote more than one space");
    tables::assert_logs_whole(&stage.sql).await;
}

#[tokio::test]
async fn a_head_that_is_locked_elsewhere_stalls_nobody_else() {
    let stage = Stage::set().await;
    let people = people(&stage, 12).await;
    let holder = lock_head(&stage, stage.account.space()).await;
    let blocked = stage.account.send(new_task("Blocked"));
    let others = async {
        let receipts = all_at_once(&people, "Free").await;
        assert!(receipts.iter().all(|receipt| receipt["status"] == "committed"), "{receipts:?}");
    };
    // The others are done although the lock is still held: it is let go only after them.
    let (blocked, ()) = tokio::join!(blocked, others);
    holder.batch_execute("ROLLBACK").await.unwrap();
    let status = blocked["status"].as_str().unwrap();
    assert_eq!((status, &blocked["problem"]["code"]), ("deferred", &json!("busy")), "held to the end of its patience");
    assert!(blocked["problem"]["retry_after_ms"].as_u64().unwrap() > 0);
    assert_eq!(stage.account.send(new_task("Free again")).await["status"], "committed");
}

/// Well within the patience of a write that meets a lock again and again, which is six tenths of a second at least.
const IN_TIME: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_lock_that_is_let_go_in_time_delays_and_defers_nothing() {
    let stage = Stage::set().await;
    let receipt = until("a lock that is let go in time", async || {
        let (holder, begun) = (lock_head(&stage, stage.account.space()).await, Instant::now());
        let release = async {
            // Any moment will do: whether the server meets the lock once, often or not at all, the answer is the same.
            tokio::time::sleep(Duration::from_millis(50)).await;
            holder.batch_execute("ROLLBACK").await.unwrap();
            begun.elapsed()
        };
        let (receipt, held) = tokio::join!(stage.account.send(new_task("Waits a little")), release);
        (held < IN_TIME).then_some(receipt)
    })
    .await;
    assert_eq!(receipt["status"], "committed", "{receipt}");
}

#[tokio::test]
async fn a_poisoned_transaction_is_taken_out_and_its_neighbours_go_through() {
    let stage = Stage::set().await;
    stage.sql.batch_execute("ALTER TABLE tasks ADD CONSTRAINT no_poison CHECK (title <> 'poison')").await.unwrap();
    let people = people(&stage, 8).await;
    for _ in 0..5 {
        let own = join_all((0..6).map(|number| {
            let title = if number == 3 { "poison" } else { "Fine" };
            stage.account.send(new_task(title))
        }));
        let (own, others) = tokio::join!(own, all_at_once(&people, "Fine"));
        for (number, receipt) in own.iter().enumerate() {
            let expected = if number == 3 { "deferred" } else { "committed" };
            assert_eq!(receipt["status"], expected, "{number}: {receipt}");
        }
        assert!(!own[3].to_string().contains("no_poison"), "the constraint is nobody's business: {}", own[3]);
        assert!(others.iter().all(|receipt| receipt["status"] == "committed"), "{others:?}");
    }
    assert_replica_equals_tables(&stage, &stage.account).await;
    // Once what poisoned it is gone, the same server writes it.
    stage.sql.batch_execute("ALTER TABLE tasks DROP CONSTRAINT no_poison").await.unwrap();
    assert_eq!(stage.account.send(new_task("poison")).await["status"], "committed");
    tables::assert_logs_whole(&stage.sql).await;
}

async fn assert_replica_equals_tables(stage: &Stage, account: &Account) {
    let mut replica = Replica::default();
    let page = account.http().await.get("/api/v2/changes?limit=1000").await.json();
    replica.apply(&serde_json::from_value(page).unwrap()).unwrap();
    tables::assert_equal(&stage.sql, account.space(), &replica).await;
}

#[tokio::test]
async fn heads_are_updated_in_place() {
    let stage = Stage::set().await;
    let has_room = "SELECT 'fillfactor=50' = ANY (reloptions) FROM pg_class WHERE oid = 'heads'::regclass";
    assert!(stage.sql.query_one(has_room, &[]).await.unwrap().get::<_, bool>(0));
    let indexes = "SELECT count(*) FROM pg_index WHERE indrelid = 'heads'::regclass";
    assert_eq!(stage.sql.query_one(indexes, &[]).await.unwrap().get::<_, i64>(0), 1);
    for _ in 0..30 {
        stage.account.commit(&[create_task(id(), "Read")]).await;
    }
    // Counters of statistics arrive a little later than what they count.
    let (updates, in_place) = until("the statistics", async || {
        let statement = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'heads'";
        let row = stage.database.connect().await.query_one(statement, &[]).await.unwrap();
        Some((row.get::<_, i64>(0), row.get::<_, i64>(1))).filter(|(updates, _)| *updates >= 30)
    })
    .await;
    assert_eq!(updates, in_place);
}

/// Two servers on one database with one key: two nodes of one service.
async fn second_node(stage: &Stage) -> TestServer {
    TestServer::start_with(Setup { config: stage.database.config(), ..stage.server.setup() })
}

/// The same device's bare requests at another node.
fn at(node: &TestServer, http: &Http) -> Http {
    Http::nobody(node.url()).with_token(http.token())
}

#[tokio::test]
async fn a_reader_on_one_node_hears_what_another_node_writes() {
    let stage = Stage::set().await;
    let node = second_node(&stage).await;
    let there = at(&node, &stage.http);
    let (mut here, mut replica) = (Socket::open(&stage.http).await, Replica::default());
    here.subscribe(None).await;
    for round in 0..6 {
        // By turns: what this node has in memory ends where the other node went on.
        let writer = if round % 2 == 0 { &stage.http } else { &there };
        let written = writer.write(&json!({ "transactions": [new_task(&format!("Round {round}"))] })).await.json();
        let head = written["head"].as_i64().unwrap();
        let mut empty = 0;
        while replica.position() < head {
            let heard = here.hear_type("changes").await;
            empty += usize::from(heard["changes"].as_array().unwrap().is_empty());
            assert!(empty < 5, "the reader is told again and again that there is nothing");
            replica.apply(&serde_json::from_value(heard).unwrap()).unwrap();
        }
    }
    tables::assert_equal(&stage.sql, stage.account.space(), &replica).await;
}

#[tokio::test]
async fn two_nodes_that_write_one_space_keep_its_order_and_lose_nothing() {
    let stage = Stage::set().await;
    let node = second_node(&stage).await;
    let task = id();
    stage.account.commit(&[create_task(task, "Contended")]).await;
    let doors = [stage.http.clone(), at(&node, &stage.http)];
    let writers = (0..8).map(|writer| {
        let http = doors[writer % 2].clone();
        async move { write_patiently(&http, writer, task).await }
    });
    let written: BTreeSet<String> = join_all(writers).await.into_iter().flatten().collect();
    assert_eq!(written.len(), 8 * 20);
    for door in &doors {
        let mut replica = Replica::default();
        while replica.cursor().is_none() || replica.position() < replica.head() {
            let cursor = replica.cursor().map(|cursor| format!("?cursor={cursor}")).unwrap_or_default();
            let page = door.get(&format!("/api/v2/changes{cursor}")).await.json();
            replica.apply(&serde_json::from_value(page).unwrap()).unwrap();
        }
        tables::assert_equal(&stage.sql, stage.account.space(), &replica).await;
    }
    let rows = stage.sql.query("SELECT DISTINCT transaction_id::text FROM events", &[]).await.unwrap();
    let logged: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(written.is_subset(&logged), "an acknowledged transaction is not in the log");
    tables::assert_logs_whole(&stage.sql).await;
}

/// Twenty transactions, each sent until it is decided; their ids.
async fn write_patiently(http: &Http, writer: usize, task: Uuid) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..20 {
        let title = format!("Writer {writer}, {number}");
        let sent = transaction(&[create_task(id(), &title), edit_task(task, json!({ "title": title }))]);
        let receipt = until("a decision", async || {
            let receipt = http.write(&json!({ "transactions": [sent] })).await.receipts().remove(0);
            Some(receipt).filter(|receipt| receipt["status"] != "deferred")
        })
        .await;
        assert_eq!(receipt["status"], "committed", "{receipt}");
        ids.push(receipt["transaction_id"].as_str().unwrap().to_owned());
    }
    ids
}

#[tokio::test]
async fn recorded_time_never_goes_back_in_a_space() {
    let stage = Stage::set().await;
    // As if another node's clock were an hour ahead.
    stage.account.commit(&[create_task(id(), "Now")]).await;
    stage.sql.batch_execute("UPDATE heads SET recorded_at = recorded_at + 3600000").await.unwrap();
    let server = TestServer::start_with(stage.server.setup());
    let http = at(&server, &stage.http);
    for _ in 0..3 {
        let receipts = http.write(&json!({ "transactions": [new_task("Later")] })).await.receipts();
        assert_eq!(receipts[0]["status"], "committed");
    }
    tables::assert_logs_whole(&stage.sql).await;
    let statement = "SELECT min(recorded_at) FROM events WHERE position > 8";
    let later: i64 = stage.sql.query_one(statement, &[]).await.unwrap().get(0);
    assert!(later > infrastructure::clock::now_ms() + 3_000_000);
    assert!(!cursor_of(&http).await.is_empty());
}

#[tokio::test]
async fn a_request_that_finds_the_queue_full_is_told_to_come_back() {
    use infrastructure::hub::Hub;
    use infrastructure::pipeline::{Limits, Pipeline};
    use infrastructure::postgres::ledger::PostgresLedger;
    let stage = Stage::set().await;
    let ledger = Arc::new(PostgresLedger::new(stage.database.pool(2), 1_000_000));
    let limits = Limits { waiting_max: 3, ..Limits::default() };
    let pipeline = Pipeline::start(ledger, Hub::default(), limits, tokio_util::sync::CancellationToken::new());
    let space = domain::id::SpaceId(stage.account.space());
    let sent = |count: usize| -> Vec<domain::transaction::Sent> {
        (0..count).map(|_| domain::transaction::read(new_task("Read"), space).unwrap()).collect()
    };
    let actor = application::submit::Actor::default();
    let full = pipeline.submit(actor, space, sent(4), None).err().expect("no room for four");
    assert!(full.retry_after_ms > 0);
    let three = pipeline.submit(actor, space, sent(3), None).expect("room for three");
    assert!(pipeline.submit(actor, space, sent(1), None).is_err(), "they wait still");
    assert_eq!(three.await.receipts.len(), 3);
    assert!(pipeline.submit(actor, space, sent(3), None).is_ok(), "there is room again");
}

#[tokio::test]
async fn a_column_that_a_newer_program_adds_stops_no_writes_of_this_one() {
    let stage = Stage::set().await;
    let people = people(&stage, 8).await;
    // So that several connections know the table as it is.
    all_at_once(&people, "Before").await;
    stage.sql.batch_execute("ALTER TABLE tasks ADD COLUMN mood text").await.unwrap();
    for receipt in all_at_once(&people, "After").await {
        assert_eq!(receipt["status"], "committed", "{receipt}");
    }
    tables::assert_logs_whole(&stage.sql).await;
}
