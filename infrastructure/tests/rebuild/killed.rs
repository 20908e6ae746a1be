//! Killed at any moment: every live row is as it was or what the log says, and the next rebuild finishes the work.

use std::collections::HashSet;
use std::time::Duration;

use infrastructure::clock::jitter_ms;
use infrastructure::postgres::rebuild::{News, RebuildError, Scope, rebuild};
use tokio_util::sync::CancellationToken;

use super::support::Database;

/// The rows of the live tables, without the heads.
fn rows(live: &[String]) -> HashSet<&String> {
    live.iter().filter(|row| !row.starts_with("heads")).collect()
}

/// Starts a rebuild and drops it with its connection: after so much news or, if that never comes, so much time.
async fn kill_after(database: &Database, news_max: usize, ms_max: u64) {
    let mut client = database.client().await;
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
        ended = rebuild(&mut client, Scope::default(), &stop, &mut tell) => assert!(ended.is_ok(), "{ended:?}"),
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
    let (last, _) = database.rebuild(Scope::default()).await;
    assert_eq!(last.spaces_damaged, 0);
    assert_eq!(rows(&database.live().await), rows(&right));
    assert_eq!(database.verify(space).await, []);
    let left = "SELECT relname FROM pg_class WHERE relnamespace = 'rebuild'::regnamespace AND relkind = 'r'";
    let left = database.client().await.query(left, &[]).await.unwrap();
    assert_eq!(left.iter().map(|row| row.get::<_, &str>(0)).collect::<Vec<_>>(), ["running"]);
}

#[tokio::test]
async fn a_check_that_is_killed_changes_no_live_table() {
    let Some(database) = Database::create().await else { return };
    let space = database.fill("mixed@example.test", 300).await;
    database.tamper("DELETE FROM days WHERE space_id = $1", space).await;
    let before = database.live().await;
    for round in 0..15 {
        let mut client = database.client().await;
        let (scope, stop) = (Scope { space: None, check: true }, CancellationToken::new());
        let run = async { rebuild(&mut client, scope, &stop, &mut |_| {}).await.map(drop) };
        drop(tokio::time::timeout(Duration::from_millis(round * 15), run).await);
        assert_eq!(database.live().await, before);
    }
}

#[tokio::test]
async fn a_second_rebuild_says_that_one_is_running_and_takes_over_when_that_has_died() {
    let Some(database) = Database::create().await else { return };
    database.fill("heavy@example.test", 200).await;
    let (mut first, mut second) = (database.client().await, database.client().await);
    let stop = CancellationToken::new();
    let mut begun = false;
    {
        // Dropped in the middle while its session lives on: the place stays taken.
        let mut tell = |_: News<'_>| begun = true;
        let run = rebuild(&mut first, Scope::default(), &stop, &mut tell);
        drop(tokio::time::timeout(Duration::from_millis(30), run).await);
    }
    let refused = rebuild(&mut second, Scope::default(), &stop, &mut |_| {}).await;
    assert!(matches!(refused, Err(RebuildError::Running { pid }) if pid > 0), "{refused:?}");
    drop(first);
    wait_for_the_place(&database).await;
    assert_eq!(rebuild(&mut second, Scope::default(), &stop, &mut |_| {}).await.unwrap().differences, 0);
}

#[tokio::test]
async fn a_rebuild_that_is_asked_to_stop_says_so_and_clears_up() {
    let Some(database) = Database::create().await else { return };
    database.fill("light@example.test", 20).await;
    let stop = CancellationToken::new();
    stop.cancel();
    let summary = rebuild(&mut database.client().await, Scope::default(), &stop, &mut |_| {}).await.unwrap();
    assert!(summary.interrupted);
    assert!(!database.rebuild(Scope::default()).await.0.interrupted);
}

/// PostgreSQL notices the end of a session a moment later.
async fn wait_for_the_place(database: &Database) {
    let client = database.client().await;
    let made = "SELECT to_regclass('rebuild.running') IS NOT NULL AS made";
    if !client.query_one(made, &[]).await.unwrap().get::<_, bool>("made") {
        return;
    }
    let held = "SELECT 1 FROM rebuild.running r JOIN pg_stat_activity a USING (pid, backend_start)";
    for _ in 0..200 {
        if client.query(held, &[]).await.unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the session of a dead rebuild is still there");
}
