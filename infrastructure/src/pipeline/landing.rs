//! Landing: what was committed goes to live readers, senders are answered, the space may fly again.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use application::ledger::Head;
use application::submit::{Batch, Committed};
use domain::transaction::{Problem, Receipt, Verdict};

use super::queue::{Share, Waiting};
use super::{Answer, Shared};
use crate::clock::jitter_ms;
use crate::metric_names;

/// The transactions of a share, as the application takes them.
pub(super) fn batch(share: &Share) -> Batch {
    let submissions = share.waiting.iter().map(|waiting| waiting.submission.clone()).collect();
    Batch { space: share.space, submissions }
}

/// What was committed goes to live readers, then the senders are answered, then the space may fly again.
pub(super) fn land<L>(shared: &Shared<L>, share: Share, committed: Box<Committed>) {
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
        waiting.submission.deferred.store(true, Ordering::Relaxed);
        Receipt::deferred(waiting.submission.sent.id, Problem::deferred(code, detail, Some(200 + jitter_ms(800))))
    };
    let receipts = waiting.iter().map(deferred).collect();
    answer(waiting, receipts, None);
}
