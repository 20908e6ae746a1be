//! All connections to the database are taken: requests wait for one, and the server says that it is not ready.

use std::sync::Arc;

use application::submit::Actor;
use deadpool_postgres::Pool;
use domain::id::{AccountId, DeviceId, SpaceId};
use domain::transaction::{Verdict, read};
use infrastructure::clock::uuid_v7;
use infrastructure::hub::Hub;
use infrastructure::pipeline::{Answers, Limits, Overloaded, Pipeline};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::readiness::{NotReady, check};
use support::Database;
use support::commands::new_task;
use support::patience::{until, within};
use tokio_util::sync::CancellationToken;

use crate::seed::is_long;

const POOL_SIZE: usize = 2;
const REQUESTS: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_wait_for_a_connection_and_are_then_done() {
    let database = Database::fresh().await;
    let pool = database.pool(POOL_SIZE);
    let pipeline = pipeline(&pool, Limits::default());
    let (first, second) = (pool.get().await.unwrap(), pool.get().await.unwrap());
    let waiting: Vec<_> = (0..REQUESTS).map(|number| send(&pipeline, &format!("Task {number}")).unwrap()).collect();
    assert_eq!(check(&pool).await, Err(NotReady::DatabaseAway));
    drop((first, second));
    for answer in waiting {
        let receipts = within("a receipt", answer).await.receipts;
        assert!(matches!(receipts[0].verdict, Verdict::Committed { .. }), "{receipts:?}");
    }
    until("readiness", async || check(&pool).await.ok()).await;
    let rows = database.connect().await.query_one("SELECT count(*) FROM tasks", &[]).await.unwrap();
    assert_eq!(rows.get::<_, i64>(0), i64::try_from(REQUESTS).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_that_is_full_takes_nothing_more_and_says_when_to_come_back() {
    let database = Database::fresh().await;
    let pool = database.pool(POOL_SIZE);
    let pipeline = pipeline(&pool, Limits { waiting_max: REQUESTS, flights_max: 1, ..Limits::default() });
    let held = (pool.get().await.unwrap(), pool.get().await.unwrap());
    let mut waiting = Vec::new();
    // One flight may have taken some off the queue before there was no place for another.
    let full = loop {
        match send(&pipeline, "One of many") {
            Ok(answer) => waiting.push(answer),
            Err(full) => break full,
        }
        assert!(waiting.len() <= 3 * REQUESTS, "the queue has no end");
        tokio::task::yield_now().await;
    };
    assert!(full.retry_after_ms > 0);
    assert!(waiting.len() >= REQUESTS);
    drop(held);
    for answer in waiting {
        let receipts = within("a receipt", answer).await.receipts;
        assert!(matches!(receipts[0].verdict, Verdict::Committed { .. }), "{receipts:?}");
    }
    assert!(send(&pipeline, "There is room again").is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_that_stays_full_puts_transactions_off() {
    // Waiting for a connection has a limit of its own, and it is long.
    if !is_long() {
        return;
    }
    let database = Database::fresh().await;
    let pool = database.pool(POOL_SIZE);
    let pipeline = pipeline(&pool, Limits::default());
    let held = (pool.get().await.unwrap(), pool.get().await.unwrap());
    let answers = within("an answer", send(&pipeline, "Not now").unwrap()).await;
    let Verdict::Deferred { problem } = &answers.receipts[0].verdict else { panic!("{answers:?}") };
    assert_eq!(problem.code, "busy");
    assert!(problem.retry_after_ms.is_some());
    drop(held);
    let answers = within("an answer", send(&pipeline, "Now").unwrap()).await;
    assert!(matches!(answers.receipts[0].verdict, Verdict::Committed { .. }), "{answers:?}");
}

fn pipeline(pool: &Pool, limits: Limits) -> Pipeline<PostgresLedger> {
    let ledger = Arc::new(PostgresLedger::new(pool.clone(), 1 << 20));
    Pipeline::start(ledger, Hub::default(), limits, CancellationToken::new())
}

/// A transaction of somebody new.
fn send(
    pipeline: &Pipeline<PostgresLedger>,
    title: &str,
) -> Result<impl Future<Output = Answers> + Send + use<>, Overloaded> {
    let account = uuid_v7();
    let (space, device) = (SpaceId(account), DeviceId(uuid_v7()));
    let actor = Actor { account: AccountId(account), device, ..Actor::default() };
    pipeline.submit(actor, space, vec![read(new_task(title), space).unwrap()], None)
}
