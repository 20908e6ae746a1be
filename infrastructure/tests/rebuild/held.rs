//! A rebuild is held by one session, and its spaces by the workers of that.

use application::identity::Actor;
use domain::id::SpaceId;
use infrastructure::postgres::rebuild::{Cause, RebuildError, Scope, begin, rebuild};
use tokio_postgres::{Client, Row};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::support::Database;

const HOLD: &str = include_str!("../../src/postgres/sql/rebuild/hold.sql");
const CLAIM: &str = include_str!("../../src/postgres/sql/rebuild/claim_space.sql");

/// A session's process and its start.
async fn name(client: &Client) -> (i32, String) {
    let me = "SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()";
    let row = client.query_one(me, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

async fn hold(client: &Client, id: Uuid) -> bool {
    let (pid, start) = name(client).await;
    client.query_opt(HOLD, &[&id, &pid, &start, &0_i64]).await.unwrap().is_some()
}

async fn begun(database: &Database) -> Uuid {
    begin(&database.pool, &Scope::default(), Cause::Asked(Actor::Operator)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_that_take_a_rebuild_at_the_same_moment_one_holds_it() {
    let Some(database) = Database::create().await else { return };
    let id = begun(&database).await;
    let (first, second) = (database.client().await, database.client().await);
    first.batch_execute("BEGIN").await.unwrap();
    assert!(hold(&first, id).await);
    let waiting = tokio::spawn(async move { hold(&second, id).await });
    database.until_somebody_waits().await;
    first.batch_execute("COMMIT").await.unwrap();
    assert!(!waiting.await.unwrap(), "the first holds it and lives");
}

#[tokio::test]
async fn a_worker_claims_spaces_of_the_run_that_started_it_alone() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("Read").await;
    let id = begun(&database).await;
    let (lead, worker) = (database.client().await, database.client().await);
    assert!(hold(&lead, id).await);
    let listed = "INSERT INTO rebuild_spaces (rebuild_id, space_id) VALUES ($1, $2)";
    lead.execute(listed, &[&id, &space.0]).await.unwrap();
    let (me, lead) = (name(&worker).await, name(&lead).await);
    let claim = async |lead: (i32, String)| -> Option<Row> {
        worker.query_opt(CLAIM, &[&id, &me.0, &me.1, &false, &lead.0, &lead.1]).await.unwrap()
    };
    assert!(claim((lead.0, "2001-01-01 00:00:00+00".to_owned())).await.is_none(), "that run has died");
    let claimed = claim(lead).await.expect("its own run holds it");
    assert_eq!((claimed.get::<_, Uuid>("space_id"), claimed.get("again")), (space.0, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_whose_space_is_anothers_by_now_switches_nothing() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("Read").await;
    database.tamper("UPDATE tasks SET title = 'tampered' WHERE space_id = $1", space).await;
    let holder = database.hold_head(space).await;
    let pool = database.pool.clone();
    let run =
        tokio::spawn(async move { rebuild(&pool, &Scope::default(), &CancellationToken::new(), &mut |_| {}).await });
    database.until_somebody_waits().await;
    taken_over(&holder, space).await;
    holder.batch_execute("COMMIT").await.unwrap();
    let ended = run.await.unwrap();
    assert!(matches!(ended, Err(RebuildError::Broken { .. })), "{ended:?}");
    assert_eq!(database.titles(space).await, ["tampered"]);
}

/// As if another worker had claimed the space.
async fn taken_over(client: &Client, space: SpaceId) {
    let taken = "UPDATE rebuild_spaces SET worker_pid = pg_backend_pid() WHERE space_id = $1";
    assert_eq!(client.execute(taken, &[&space.0]).await.unwrap(), 1);
}
