//! A log of any length: the recorded lives, played again in one space after another through the real write path.

use std::sync::Arc;

use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use domain::id::{AccountId, DeviceId, SpaceId};
use domain::transaction::{Sent, founding, read};
use infrastructure::clock::{now_ms, uuid_v7};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::pool;
use tokio_postgres::Config;

use crate::failure::Failure;
use crate::reading::recorded_life;

/// Spaces that are written side by side, by one group.
const SPACES: usize = 16;
/// Transactions of a space in one group.
const TRANSACTIONS: usize = 64;
/// What the write path may remember.
const MEMORY_BYTES: u64 = 256 << 20;

/// Writes at least so many events; how many there are.
pub(super) async fn write(config: &Config, events_min: i64) -> Result<i64, Failure> {
    let life = recorded_life()?;
    let ledger = PostgresLedger::new(pool::connect(config.clone(), 4)?, MEMORY_BYTES);
    let mut events = 0;
    while events < events_min {
        let spaces: Vec<(SpaceId, DeviceId)> = (0..SPACES).map(|_| (SpaceId(uuid_v7()), DeviceId(uuid_v7()))).collect();
        let first: Vec<Batch> = spaces
            .iter()
            .map(|(space, device)| batch(*space, *device, vec![founding(*space, "UTC", now_ms())]))
            .collect();
        events += send(&ledger, &first).await?;
        for lines in life.chunks(TRANSACTIONS) {
            let mut group = Vec::new();
            for (space, device) in &spaces {
                let sent: Result<Vec<Sent>, Failure> = lines
                    .iter()
                    .map(|line| read(line.clone(), *space).map_err(|refused| Failure::new(format!("{refused:?}"))))
                    .collect();
                group.push(batch(*space, *device, sent?));
            }
            events += send(&ledger, &group).await?;
            if events >= events_min {
                break;
            }
        }
    }
    Ok(events)
}

fn batch(space: SpaceId, device: DeviceId, sent: Vec<Sent>) -> Batch {
    let actor = Actor { account: AccountId(space.0), device, ..Actor::default() };
    let submission = |sent| Submission { actor, sent, shift_ms: 0, deferred: Arc::default() };
    Batch { space, submissions: sent.into_iter().map(submission).collect() }
}

async fn send(ledger: &PostgresLedger, group: &[Batch]) -> Result<i64, Failure> {
    let outcomes = submit(ledger, now_ms(), group, false).await.map_err(Failure::during("writing the log"))?;
    let mut events = 0;
    for outcome in outcomes {
        let BatchOutcome::Committed(committed) = outcome else { return Err(Failure::new("a space was lost")) };
        let spans = committed.receipts.iter().filter_map(|receipt| serde_json::to_value(receipt).ok());
        events += spans.map(|receipt| span(&receipt)).sum::<i64>();
    }
    Ok(events)
}

/// How many events a receipt speaks of.
fn span(receipt: &serde_json::Value) -> i64 {
    let end = |name: &str| receipt["positions"][name].as_i64();
    end("last").zip(end("first")).map_or(0, |(last, first)| last - first + 1)
}
