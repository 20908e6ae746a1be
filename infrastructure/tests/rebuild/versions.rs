//! Programs with other folds: who is newer is waited for by nobody, and who is older stops.

use std::time::{Duration, Instant};

use application::fault::Fault;
use application::identity::Actor;
use domain::id::SpaceId;
use infrastructure::folds::Folds;
use infrastructure::postgres::rebuild::{
    Cause, Order, RebuildError, Scope, State, begin, current, order, rebuild, recent,
};
use tokio_util::sync::CancellationToken;

use super::support::{Database, check};

async fn run(database: &Database) -> Result<State, RebuildError> {
    let stop = CancellationToken::new();
    rebuild(&database.pool, &Scope::default(), &stop, &mut |_| {}).await.map(|ended| ended.state)
}

#[tokio::test]
async fn an_older_program_takes_up_no_rebuild() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("Read").await;
    database.tamper("UPDATE tasks SET title = 'newer' WHERE space_id = $1", space).await;
    database.wanted_by_a_newer_program().await;
    let refused = run(&database).await;
    assert!(matches!(&refused, Err(RebuildError::Newer(name)) if name == "tasks"), "{refused:?}");
    assert_eq!(database.titles(space).await, ["newer"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_programs_rebuild_ends_when_a_newer_one_comes_and_switches_nothing_after_that() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("Read").await;
    database.tamper("UPDATE tasks SET title = 'newer' WHERE space_id = $1", space).await;
    let holder = database.hold_head(space).await;
    let pool = database.pool.clone();
    let run =
        tokio::spawn(async move { rebuild(&pool, &Scope::default(), &CancellationToken::new(), &mut |_| {}).await });
    database.until_somebody_waits().await;
    database.wanted_by_a_newer_program().await;
    holder.batch_execute("COMMIT").await.unwrap();
    let ended = run.await.unwrap();
    assert!(matches!(&ended, Err(RebuildError::Newer(name)) if name == "tasks"), "{ended:?}");
    assert_eq!(database.titles(space).await, ["newer"]);
    let built = "SELECT count(*) FROM space_folds";
    assert_eq!(database.client().await.query_one(built, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_rebuild_by_a_newer_program_tells_the_others_and_waits_for_them_first() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("Read").await;
    database.built_by_an_older_program().await;
    database.tamper("UPDATE tasks SET title = 'older' WHERE space_id = $1", space).await;
    // A projection that this database does not know yet.
    database.client().await.execute("DELETE FROM projection_folds WHERE projection = 'activity'", &[]).await.unwrap();
    let began = Instant::now();
    assert_eq!(run(&database).await.unwrap(), State::Finished);
    assert!(began.elapsed() >= Duration::from_millis(2_500), "others serve older rows until they have looked");
    assert_eq!(database.titles(space).await, ["Read"]);
    let known = "SELECT count(*) FROM projection_folds WHERE fold_version = wanted AND wanted > 0";
    assert_eq!(database.client().await.query_one(known, &[]).await.unwrap().get::<_, i64>(0), 8);
}

/// Waits until what was seen of the database has grown too old.
async fn until_stale(folds: &Folds) {
    while folds.are_current() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Passes; what was seen then still holds, unless the machine has stood still for as long as that.
async fn pass_and_know(folds: &Folds, space: SpaceId) {
    let began = Instant::now();
    loop {
        assert_eq!(folds.pass(space).await, Ok(()));
        if folds.are_current() {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "it has looked");
    }
}

#[tokio::test]
async fn who_has_not_looked_for_a_while_looks_before_anything_is_served() {
    let Some(database) = Database::create().await else { return };
    let (space, folds) = (database.with_a_task("Read").await, Folds::new(database.pool.clone()));
    for _ in 0..2 {
        pass_and_know(&folds, space).await;
        until_stale(&folds).await;
    }
    database.wanted_by_a_newer_program().await;
    assert_eq!(folds.pass(space).await, Err(Fault::Rebuilding));
}

#[tokio::test]
async fn who_cannot_look_serves_nothing_and_says_that_the_database_is_away() {
    let Some(database) = Database::create().await else { return };
    let (space, folds) = (database.with_a_task("Read").await, Folds::new(database.pool.clone()));
    assert_eq!(folds.pass(space).await, Ok(()));
    database.pool.close();
    until_stale(&folds).await;
    for space in [space, SpaceId::default()] {
        let away = folds.pass(space).await;
        assert!(matches!(away, Err(Fault::Unavailable(_))), "{away:?}");
    }
}

#[tokio::test]
async fn nothing_is_written_by_who_has_not_looked_since_a_newer_program_came() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("Read").await;
    let folds = Folds::new(database.pool.clone());
    folds.look().await.unwrap();
    let ledger = infrastructure::postgres::ledger::PostgresLedger::new(database.pool.clone(), 64 << 20);
    let ledger = ledger.guarded_by(folds.clone());
    let prepared = Vec::new();
    assert!(application::ledger::Ledger::append(&ledger, &prepared).await.is_ok());
    until_stale(&folds).await;
    database.wanted_by_a_newer_program().await;
    let task =
        serde_json::json!({ "type": "task.create", "id": uuid::Uuid::from_u128(5), "data": { "title": "Late" } });
    let late = super::support::batch(space, "A", vec![super::support::sent(space, &[task])]);
    let refused = application::submit::submit(&ledger, infrastructure::clock::now_ms(), &[late], false).await;
    assert_eq!(refused.err(), Some(Fault::Rebuilding));
    assert_eq!(database.titles(space).await, ["Read"]);
}

#[tokio::test]
async fn a_check_that_waits_is_cancelled_where_rows_of_an_older_fold_are_to_be_rebuilt() {
    let Some(database) = Database::create().await else { return };
    database.with_a_task("Read").await;
    let id = begin(&database.pool, &check(), Cause::Asked(Actor::Operator)).await.unwrap();
    order(&database.pool, id, Order::Pause, Actor::Operator).await.unwrap();
    database.built_by_an_older_program().await;
    let (folds, stop) = (Folds::new(database.pool.clone()), CancellationToken::new());
    let watching = tokio::spawn(folds.watch(1, stop.clone()));
    database.until("SELECT count(*) FROM rebuilds WHERE cause = 'fold'", 1).await;
    stop.cancel();
    watching.await.unwrap();
    let all = recent(&database.pool, None, 10).await.unwrap();
    let states: Vec<_> = all.iter().map(|one| (one.cause.as_str(), one.state)).collect();
    assert_eq!(states, [("fold", State::Running), ("asked", State::Cancelled)]);
    assert!(current(&database.pool).await.unwrap().is_some_and(|one| one.cause == "fold"));
}
