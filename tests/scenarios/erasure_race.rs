//! Writers that go on while an account is erased, past every check of a token: nothing of what they write stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use application::erase::Round;
use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use domain::id::{AccountId, DeviceId, SpaceId};
use domain::transaction::read;
use infrastructure::clock::now_ms;
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::log::PostgresLog;
use infrastructure::postgres::rebuild::{Scope, rebuild};
use support::commands::{create_task, id, new_task, transaction};
use support::patience::until;
use support::{Account, tables};
use tokio_util::sync::CancellationToken;

use crate::erasure::{eraser, words};
use crate::people::tables_that_say;
use crate::stage::Stage;

/// Writers of one space, each with a memory of its own, as on other nodes.
const WRITERS: usize = 3;

fn batch(space: SpaceId) -> Batch {
    let actor = Actor { account: AccountId(space.0), device: DeviceId(id()), ..Actor::default() };
    let sent = read(new_task("written while it was erased"), space).unwrap();
    Batch { space, submissions: vec![Submission { actor, sent, shift_ms: 0, deferred: Arc::default() }] }
}

/// Writes until told to end; whether the last attempts were refused.
async fn hammer(ledger: Arc<PostgresLedger>, space: SpaceId, end: Arc<AtomicBool>, written: Arc<AtomicU64>) {
    let mut fresh = false;
    while !end.load(Ordering::Relaxed) {
        match submit(&*ledger, now_ms(), &[batch(space)], fresh).await.as_deref() {
            Ok([BatchOutcome::Committed(_)]) => {
                written.fetch_add(1, Ordering::Relaxed);
                fresh = false;
            }
            // As the pipeline does it: what did not land is tried again afresh.
            _ => fresh = true,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_that_go_on_leave_nothing_behind() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let space = SpaceId(stage.account.space());
    let words = words(&stage, &stage.account).await;
    let pool = stage.database.pool(6);
    let (end, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let ledger = Arc::new(PostgresLedger::new(pool.clone(), 1 << 20));
            tokio::spawn(hammer(ledger, space, Arc::clone(&end), Arc::clone(&written)))
        })
        .collect();
    // One of another space, which nothing of this concerns.
    let ledger = Arc::new(PostgresLedger::new(pool.clone(), 1 << 20));
    let others = Arc::new(AtomicU64::new(0));
    let neighbour = tokio::spawn(hammer(ledger, SpaceId(other.space()), Arc::clone(&end), Arc::clone(&others)));
    // A device that acknowledges, and a rebuild that puts rows back.
    let log = PostgresLog::new(pool.clone());
    until("writes", async || (written.load(Ordering::Relaxed) > 50).then_some(())).await;

    let stop = CancellationToken::new();
    let eraser = eraser(&stage.database, &stage.server);
    let rebuilding = {
        let (end, stop, pool) = (Arc::clone(&end), stop.clone(), stage.database.pool(4));
        tokio::spawn(async move {
            while !end.load(Ordering::Relaxed) {
                drop(rebuild(&pool, &Scope::default(), &stop, &mut |_| {}).await);
            }
        })
    };
    eraser.now(AccountId(space.0), &stop).await.unwrap().unwrap();
    let (erased_at, others_then) = (written.load(Ordering::Relaxed), others.load(Ordering::Relaxed));
    log.acknowledge(space, DeviceId(id()), 7).await.unwrap();
    until("the neighbour's writes", async || (others.load(Ordering::Relaxed) > others_then + 50).then_some(())).await;
    end.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    neighbour.await.unwrap();
    rebuilding.await.unwrap();
    // A write whose commit came before the erasure may be told after it.
    assert!(written.load(Ordering::Relaxed) <= erased_at + WRITERS as u64, "it goes on being written");

    assert_eq!(eraser.round(&stop).await.unwrap(), Round::default(), "nothing was left to clear");
    let mut words = words;
    words.push("written while it was erased".to_owned());
    let left = tables_that_say(&stage.sql, &words[..2]).await;
    let kept = |found: &&String| !found.starts_with("public.revoked_sessions: ");
    assert_eq!(left.iter().filter(kept).collect::<Vec<_>>(), [&format!("public.erasures: {}", space.0)]);
    let theirs = "SELECT count(*) FROM tasks WHERE space_id = $1 AND title = 'written while it was erased'";
    assert_eq!(
        tables::count(&stage.sql, theirs, other.space()).await.unsigned_abs(),
        others.load(Ordering::Relaxed),
        "the neighbour has all of its own"
    );
}

#[tokio::test]
async fn a_request_that_is_under_way_leaves_nothing_behind() {
    let stage = Stage::set().await;
    let (end, http) = (Arc::new(AtomicBool::new(false)), stage.http.clone());
    let ended = Arc::clone(&end);
    let writing = tokio::spawn(async move {
        let mut refused = 0;
        while !ended.load(Ordering::Relaxed) {
            let sent = serde_json::json!({ "transactions": [transaction(&[create_task(id(), "Read")])] });
            let answer = http.write(&sent).await;
            assert!(matches!(answer.status, 200 | 401 | 503), "{}", answer.status);
            refused += u64::from(answer.status == 401);
            if refused > 0 {
                return;
            }
        }
    });
    let stop = CancellationToken::new();
    eraser(&stage.database, &stage.server).now(AccountId(stage.account.space()), &stop).await.unwrap();
    until("the end of the device", async || writing.is_finished().then_some(())).await;
    end.store(true, Ordering::Relaxed);
    writing.await.unwrap();
    let words = [stage.account.space().to_string()];
    assert_eq!(tables_that_say(&stage.sql, &words).await, [format!("public.erasures: {}", words[0])]);
}
