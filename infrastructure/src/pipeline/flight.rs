//! One flight: a group is decided and written together; what did not land with it is tried again alone.

use std::sync::Arc;

use application::fault::Fault;
use application::ledger::{Head, Ledger};
use application::submit::{Batch, BatchOutcome, Committed, submit};
use domain::transaction::{Problem, Receipt, Verdict};
use tokio::sync::OwnedSemaphorePermit;

use super::alone;
use super::queue::{Share, Waiting};
use super::{Answer, Shared};
use crate::clock::{jitter_ms, now_ms};
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

/// The transactions of a share, as the application takes them.
pub(super) fn batch(share: &Share) -> Batch {
    let submissions = share.waiting.iter().map(|waiting| waiting.submission.clone()).collect();
    Batch { space: share.space, submissions }
}

/// What was committed goes to live readers, then the senders are answered, then the space may fly again.
pub(super) fn land<L>(shared: &Shared<L>, share: Share, committed: Committed) {
    publish(shared, &committed);
    answer(share.waiting, committed.receipts, Some(committed.head));
    shared.queue().landed(share.space);
    shared.wake.notify_one();
}

/// Tells live readers. Without changes this was a repeat, of a write whose answer may have been lost before they heard.
pub(super) fn publish<L>(shared: &Shared<L>, committed: &Committed) {
    if committed.changes.is_empty() {
        shared.hub.raise(committed.space, committed.head.position);
    } else {
        shared.hub.publish(committed);
    }
}

/// Answers senders; one that has gone away asks again by its id.
pub(super) fn answer(waiting: Vec<Waiting>, receipts: Vec<Receipt>, head: Option<Head>) {
    let head = head.map(Arc::new);
    for (waiting, receipt) in waiting.into_iter().zip(receipts) {
        let status = match &receipt.verdict {
            Verdict::Committed { .. } => "committed",
            Verdict::Rejected { .. } => "rejected",
            Verdict::Deferred { .. } => "deferred",
        };
        metrics::counter!(metric_names::TRANSACTIONS_TOTAL, "status" => status).increment(1);
        drop(waiting.reply.send(Answer { receipt, head: head.clone() }));
    }
}

/// Tells senders that nothing was decided.
pub(super) fn defer(waiting: Vec<Waiting>, code: &str, detail: &str) {
    let deferred = |waiting: &Waiting| {
        waiting.submission.deferred.store(true, std::sync::atomic::Ordering::Relaxed);
        Receipt::deferred(waiting.submission.sent.id, Problem::deferred(code, detail, Some(200 + jitter_ms(800))))
    };
    let receipts = waiting.iter().map(deferred).collect();
    answer(waiting, receipts, None);
}

fn retry<L: Ledger + 'static>(shared: &Arc<Shared<L>>, share: Share, fault: Fault) {
    metrics::counter!(metric_names::RETRIED_ALONE_TOTAL).increment(1);
    tokio::spawn(alone::retry(Arc::clone(shared), share, fault));
}
