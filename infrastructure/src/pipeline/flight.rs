//! One flight: a group is decided and written together; what did not land with it is tried again alone.

use std::sync::Arc;

use application::fault::Fault;
use application::ledger::Ledger;
use application::submit::{Batch, BatchOutcome, submit};
use tokio::sync::OwnedSemaphorePermit;

use super::landing::{batch, land};
use super::queue::Share;
use super::{Shared, alone};
use crate::clock::now_ms;
use crate::metric_names;

/// Flies a group and answers everyone in it.
pub(super) async fn fly<L: Ledger + 'static>(shared: Arc<Shared<L>>, group: Vec<Share>, place: OwnedSemaphorePermit) {
    let batches: Vec<Batch> = group.iter().map(batch).collect();
    let transactions: usize = batches.iter().map(|batch| batch.submissions.len()).sum();
    metrics::histogram!(metric_names::GROUP_TRANSACTIONS).record(transactions as f64);
    metrics::gauge!(metric_names::WAITING_TRANSACTIONS).set(shared.queue().waiting() as f64);
    match submit(&*shared.ledger, now_ms(), &batches, false).await {
        Ok(outcomes) => {
            for (share, outcome) in group.into_iter().zip(outcomes) {
                match outcome {
                    BatchOutcome::Committed(committed) => land(&shared, share, committed),
                    BatchOutcome::Lost => retry(&shared, share, Fault::Unavailable("the head moved".to_owned())),
                }
            }
        }
        Err(fault) => {
            tracing::warn!(group.spaces = group.len(), group.transactions = transactions, fault = %fault, "a group append failed; its spaces are tried alone");
            group.into_iter().for_each(|share| retry(&shared, share, fault.clone()));
        }
    }
    drop(place);
}

fn retry<L: Ledger + 'static>(shared: &Arc<Shared<L>>, share: Share, fault: Fault) {
    metrics::counter!(metric_names::RETRIED_ALONE_TOTAL).increment(1);
    tokio::spawn(alone::retry(Arc::clone(shared), share, fault));
}
