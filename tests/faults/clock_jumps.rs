//! The server's clock jumps, forwards and back: within a space recorded time never goes back, and stamps go on.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use domain::id::{AccountId, DeviceId, SpaceId};
use domain::transaction::read;
use infrastructure::clock::{now_ms, uuid_v7};
use infrastructure::postgres::ledger::PostgresLedger;
use rand::Rng;
use support::commands::new_task;
use support::{Database, tables};

use crate::seed::{Seed, times};

const HOUR_MS: i64 = 3_600_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recorded_time_never_goes_back_however_the_clock_jumps() {
    let mut seed = Seed::of("clock_jumps");
    let database = Database::fresh().await;
    let ledger = PostgresLedger::new(database.pool(2), 1 << 20);
    let (account, device) = (uuid_v7(), DeviceId(uuid_v7()));
    let space = SpaceId(account);
    let actor = Actor { account: AccountId(account), device, ..Actor::default() };
    let start = now_ms();
    let mut latest = i64::MIN;
    for number in 0..times(30, 300) {
        let clock = start + seed.chance().random_range(-24 * HOUR_MS..24 * HOUR_MS);
        let sent = read(new_task(&format!("Task {number}")), space).unwrap();
        let deferred = Arc::new(AtomicBool::new(false));
        let batch = Batch { space, submissions: vec![Submission { actor, sent, shift_ms: 0, deferred }] };
        // Every other time as after a restart: nothing is remembered.
        let outcomes = submit(&ledger, clock, &[batch], seed.chance().random()).await.unwrap();
        let BatchOutcome::Committed(committed) = &outcomes[0] else { panic!("nobody else writes") };
        latest = latest.max(clock);
        assert_eq!(committed.head.recorded_at, latest);
        assert!(committed.changes.iter().all(|change| change.at == latest), "what is recorded now is not older");
    }
    tables::assert_logs_whole(&database.connect().await).await;
}
