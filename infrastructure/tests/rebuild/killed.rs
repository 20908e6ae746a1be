//! Killed at any moment: every live row is as it was or what the log says, and the next rebuild finishes the work.

use std::collections::HashSet;
use std::time::Duration;

use application::identity::Actor;
use infrastructure::clock::jitter_ms;
use infrastructure::postgres::rebuild::{News, Order, RebuildError, Scope, State, current, order, rebuild};
use tokio_util::sync::CancellationToken;

use super::support::{Database, check};

/// The rows of the live tables, without the heads.
fn rows(live: &[String]) -> HashSet<&String> {
    live.iter().filter(|row| !row.starts_with("heads")).collect()
}

/// Starts a rebuild and drops it with its connection: after so much news or, if that never comes, so much time.
async fn kill_after(database: &Database, news_max: usize, ms_max: u64) {
    let (pool, scope) = (database.pool.clone(), Scope::default());
    let (stop, enough, mut heard) = (CancellationToken::new(), CancellationToken::new(), 0);
    let mut tell = |_: News<'_>| {
        heard += 1;
        if heard == news_max {
            enough.cancel();
        }
    };
    tokio::select! {
        biased;
        () = enough.cancelled() => {}
        () = tokio::time::sleep(Duration::from_millis(ms_max)) => {}
        ended = rebuild(&pool, &scope, &stop, &mut tell) => assert!(ended.is_ok(), "{ended:?}"),
    }
}

async fn repairs(database: &Database) -> i64 {
    let sum = "SELECT sum(repairs)::bigint AS repairs FROM heads";
    database.client().await.query_one(sum, &[]).await.unwrap().get("repairs")
}

#[tokio::test]
async fn killed_half_way_every_row_is_as_it_was_or_as_the_log_says() {
    let Some(database) = Database::create().await else { return };
    let large = database.fill("heavy@example.test", 700).await;
    let space = database.fill("mixed@example.test", 400).await;
    let right = database.live().await;
    let mut unchanged = 0;
    for round in 0..24 {
        for space in [large, space] {
            database.tamper("UPDATE tasks SET title = 'tampered' WHERE space_id = $1", space).await;
            database.tamper("UPDATE days SET xp = xp + 1 WHERE space_id = $1", space).await;
        }
        let (tampered, before) = (database.live().await, repairs(&database).await);
        let (news_max, ms_max) = if round % 2 == 0 { (round * 60 + 1, 60_000) } else { (0, jitter_ms(800)) };
        kill_after(&database, news_max, ms_max).await;
        wait_for_the_place(&database).await;
        let live = database.live().await;
        let (right, tampered, live) = (rows(&right), rows(&tampered), rows(&live));
        assert_eq!(live.len(), right.len());
        assert!(live.iter().all(|row| right.contains(row) || tampered.contains(row)));
        assert_eq!(live == tampered, repairs(&database).await == before, "a switch counts, and nothing else does");
        unchanged += usize::from(live == tampered);
    }
    println!("{unchanged} of 24 kills came before the first switch");
    // The one that was left goes on where it was; another goes over everything.
    database.rebuild(&Scope::default()).await;
    let (last, _) = database.rebuild(&Scope::default()).await;
    assert_eq!(last.spaces_damaged, 0);
    assert_eq!(rows(&database.live().await), rows(&right));
    assert_eq!(database.verify(space).await, []);
    let left = "SELECT relname FROM pg_class WHERE relnamespace = 'rebuild'::regnamespace AND relkind = 'r'";
    let left = database.client().await.query(left, &[]).await.unwrap();
    assert_eq!(left.iter().map(|row| row.get::<_, &str>(0)).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[tokio::test]
async fn a_check_that_is_killed_changes_no_live_table() {
    let Some(database) = Database::create().await else { return };
    let space = database.fill("mixed@example.test", 300).await;
    database.tamper("DELETE FROM days WHERE space_id = $1", space).await;
    let before = database.live().await;
    for round in 0..15 {
        let stop = CancellationToken::new();
        let run = async { rebuild(&database.pool, &check(), &stop, &mut |_| {}).await.map(drop) };
        drop(tokio::time::timeout(Duration::from_millis(round * 15), run).await);
        wait_for_the_place(&database).await;
        assert_eq!(database.live().await, before);
    }
}

#[tokio::test]
async fn a_second_rebuild_says_that_one_is_running_and_takes_over_when_that_has_died() {
    let Some(database) = Database::create().await else { return };
    database.fill("heavy@example.test", 200).await;
    let holder = database.client().await;
    let stop = CancellationToken::new();
    kill_after(&database, 1, 60_000).await;
    wait_for_the_place(&database).await;
    let left = current(&database.pool).await.unwrap().expect("it was killed before its end");
    assert_eq!((left.state, left.holder), (State::Running, None));
    let take = "UPDATE rebuilds SET holder_pid = a.pid, holder_start = a.backend_start FROM pg_stat_activity a WHERE a.pid = pg_backend_pid()";
    holder.execute(take, &[]).await.unwrap();
    let refused = rebuild(&database.pool, &Scope::default(), &stop, &mut |_| {}).await;
    assert!(matches!(refused, Err(RebuildError::Running { pid, id }) if pid > 0 && id == left.id), "{refused:?}");
    drop(holder);
    wait_for_the_place(&database).await;
    let other = rebuild(&database.pool, &check(), &stop, &mut |_| {}).await;
    assert!(matches!(other, Err(RebuildError::Unfinished { id }) if id == left.id), "{other:?}");
    let ended = rebuild(&database.pool, &Scope::default(), &stop, &mut |_| {}).await.unwrap();
    assert_eq!((ended.id, ended.state, ended.differences), (left.id, State::Finished, 0));
}

#[tokio::test]
async fn a_rebuild_that_is_asked_to_stop_pauses_and_goes_on_where_it_was() {
    let Some(database) = Database::create().await else { return };
    let mut filled = Vec::new();
    for _ in 0..6 {
        filled.push(database.fill("light@example.test", 40).await);
    }
    // Spaces are taken up in the order of their ids: after the first two both workers wait, however late they are heard.
    let (mut holders, stop) = (Vec::new(), CancellationToken::new());
    for space in &filled[2..4] {
        database.tamper("UPDATE heroes SET streak = streak + 1 WHERE space_id = $1", *space).await;
        holders.push(database.hold_head(*space).await);
    }
    let mut spaces = 0;
    let mut tell = |news: News<'_>| {
        if let News::Progress(progress) = news {
            spaces = progress.spaces;
            if spaces == 2 {
                stop.cancel();
            }
        }
    };
    let releasing = async {
        stop.cancelled().await;
        for holder in &holders {
            holder.batch_execute("COMMIT").await.unwrap();
        }
    };
    let scope = Scope { workers: 2, ..Scope::default() };
    let both = async { tokio::join!(rebuild(&database.pool, &scope, &stop, &mut tell), releasing).0 };
    let paused = tokio::time::timeout(Duration::from_secs(60), both).await.expect("a pause").unwrap();
    assert_eq!(paused.state, State::Paused);
    assert!((2..6).contains(&paused.spaces), "{paused:?}");
    let (ended, _) = database.rebuild(&Scope::default()).await;
    assert_eq!((ended.id, ended.state, ended.spaces), (paused.id, State::Finished, 6));
    assert_eq!(ended.events, ended.events_total);
}

#[tokio::test]
async fn one_that_was_killed_and_is_cancelled_leaves_nothing_in_the_way() {
    let Some(database) = Database::create().await else { return };
    let space = database.fill("heavy@example.test", 200).await;
    kill_after(&database, 1, 60_000).await;
    wait_for_the_place(&database).await;
    let left = current(&database.pool).await.unwrap().unwrap();
    order(&database.pool, left.id, Order::Cancel, Actor::Operator).await.unwrap();
    let tables = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'rebuild' AND relkind = 'r'";
    assert_eq!(database.client().await.query_one(tables, &[]).await.unwrap().get::<_, i64>(0), 0);
    assert_eq!(current(&database.pool).await.unwrap(), None);
    assert_eq!(database.rebuild(&Scope::default()).await.0.state, State::Finished);
    assert_eq!(database.verify(space).await, []);
}

/// PostgreSQL notices the end of a session a moment later.
async fn wait_for_the_place(database: &Database) {
    let client = database.client().await;
    let held = "SELECT 1 FROM rebuilds r JOIN pg_stat_activity a ON a.pid = r.holder_pid AND a.backend_start = r.holder_start
        UNION ALL
        SELECT 1 FROM rebuild_spaces s JOIN pg_stat_activity a ON a.pid = s.worker_pid AND a.backend_start = s.worker_start";
    for _ in 0..2_000 {
        if client.query(held, &[]).await.unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the session of a dead rebuild is still there");
}
