//! Projectors that are killed between any two of their steps, and several at once.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use futures_util::future::join_all;
use infrastructure::audit_projector::round;
use infrastructure::postgres::audit_log::PostgresAudit;
use support::patience::until;

use super::{Quiet, assert_as_the_events_say, settle, told};

/// Steps that have to be cut before the projectors are left alone.
const FAILURES: usize = 5;

/// Drops the future after so many looks at it: at one of its waits. Whether it came to its end.
async fn cut<T>(future: impl Future<Output = T>, looks: usize) -> bool {
    let (mut future, mut left) = (pin!(future), looks);
    poll_fn(move |context| {
        if future.as_mut().poll(context).is_ready() {
            return Poll::Ready(true);
        }
        left = left.saturating_sub(1);
        if left == 0 { Poll::Ready(false) } else { Poll::Pending }
    })
    .await
}

#[tokio::test]
async fn a_projector_that_dies_at_any_of_its_waits_leaves_all_of_a_step_or_nothing() {
    let quiet = Quiet::set().await;
    let mut ends = [0, 0];
    for looks in 1..60 {
        quiet.write(&format!("Before the {looks}th wait")).await;
        let ended = cut(round(&quiet.audit), looks).await;
        ends[usize::from(ended)] += 1;
    }
    assert!(ends[0] > 10 && ends[1] > 10, "killed and finished: {ends:?}");
    settle(&quiet.database).await;
    assert!(assert_as_the_events_say(&quiet.sql).await > 59);
}

#[tokio::test]
async fn rows_that_are_made_anew_survive_deaths_too() {
    let quiet = Quiet::set().await;
    for number in 0..5 {
        quiet.write(&format!("Task {number}")).await;
    }
    settle(&quiet.database).await;
    for looks in 1..60 {
        quiet.audit.restart(quiet.space).await.unwrap();
        cut(round(&quiet.audit), looks).await;
        cut(round(&quiet.audit), looks).await;
    }
    settle(&quiet.database).await;
    assert_as_the_events_say(&quiet.sql).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_projectors_whose_connections_are_cut_write_every_line_once() {
    let quiet = Quiet::set().await;
    // Events enough for many steps: copies of one, as another long life would have left them.
    quiet.write("One of many").await;
    let many = "INSERT INTO events
        SELECT space_id, n, transaction_id, aggregate_type, aggregate_id, n, event_type, event_version, payload, metadata,
            fields, device_id, recorded_at, payload_hash, hash, redacted_at
        FROM (SELECT * FROM events ORDER BY position DESC LIMIT 1) e, generate_series(100, 5000) n";
    quiet.sql.batch_execute(many).await.unwrap();
    quiet.sql.batch_execute("UPDATE heads SET position = 5000").await.unwrap();
    let (cutter, failures) = (quiet.database.connect().await, AtomicUsize::new(0));
    let cut_enough = || failures.load(Ordering::Relaxed) >= FAILURES;
    let audits: Vec<PostgresAudit> = (0..3).map(|_| PostgresAudit::new(quiet.database.pool(1))).collect();
    let projectors = join_all(audits.iter().map(|audit| async {
        until("the end of the log, after enough cuts", async || {
            failures.fetch_add(usize::from(round(audit).await.is_err()), Ordering::Relaxed);
            let is_read = told(&quiet.sql).await.is_empty();
            if is_read && !cut_enough() {
                // It was too fast for the cutter: once more from the beginning. What of it is cut does not matter.
                let _ = audit.restart(quiet.space).await;
            }
            (is_read && cut_enough()).then_some(())
        })
        .await;
    }));
    let cuts = async {
        while !cut_enough() {
            let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE '%audit_log%' AND pid <> pg_backend_pid()";
            cutter.query_one(kill, &[]).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(projectors, cuts);
    settle(&quiet.database).await;
    assert!(assert_as_the_events_say(&quiet.sql).await > 4_000);
}
