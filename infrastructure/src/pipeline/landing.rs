//! Landing: what was committed goes to live readers, senders are answered, the space may fly again.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use application::ledger::Head;
use application::submit::{Batch, Committed};
use domain::id::SpaceId;
use domain::transaction::{Problem, Receipt};
use tracing::debug_span;

use super::queue::{Share, Waiting};
use super::{Answer, Shared, count};
use crate::clock::jitter_ms;
use crate::metric_names;

/// Transactions of a space, as the application takes them.
pub(super) fn batch(space: SpaceId, waiting: &[Waiting]) -> Batch {
    Batch { space, submissions: waiting.iter().map(|waiting| waiting.submission.clone()).collect() }
}

/// What was committed goes to live readers, then the senders are answered, then the space may fly again.
pub(super) fn land<L>(shared: &Shared<L>, share: Share, committed: Box<Committed>) {
    tell(shared, share.waiting, committed);
    free(shared, share.space);
}

/// What was committed goes to live readers, then the senders are answered.
pub(super) fn tell<L>(shared: &Shared<L>, waiting: Vec<Waiting>, committed: Box<Committed>) {
    let _landing = debug_span!("landing").entered();
    publish(shared, &committed);
    answer(shared, waiting, Answered::of(*committed));
}

/// The space may fly again.
pub(super) fn free<L>(shared: &Shared<L>, space: SpaceId) {
    shared.queue().landed(space);
    shared.wake.notify_one();
}

/// Tells live readers. Without changes this was a repeat, of a write whose answer may have been lost before they heard.
pub(super) fn publish<L>(shared: &Shared<L>, committed: &Committed) {
    let _hub = debug_span!("hub", changes = committed.changes.len()).entered();
    count::opened(committed);
    metrics::counter!(metric_names::EVENTS_TOTAL).increment(committed.changes.len() as u64);
    if committed.changes.is_empty() {
        shared.hub.found(committed.space, &committed.head);
    } else {
        shared.hub.publish(committed);
    }
}

/// What senders are answered.
pub(super) struct Answered {
    receipts: Vec<Receipt>,
    /// Which of them are repeated.
    repeated: Vec<bool>,
    head: Option<Arc<Head>>,
}

impl Answered {
    /// What was decided.
    pub(super) fn of(committed: Committed) -> Self {
        let Committed { receipts, repeated, head, .. } = committed;
        Self { receipts, repeated, head: Some(Arc::new(head)) }
    }
}

/// Answers senders; one that has gone away asks again by its id.
pub(super) fn answer<L>(shared: &Shared<L>, waiting: Vec<Waiting>, answered: Answered) {
    let Answered { receipts, repeated, head } = answered;
    let repeated = repeated.into_iter().chain(std::iter::repeat(false));
    for ((waiting, receipt), repeated) in waiting.into_iter().zip(receipts).zip(repeated) {
        count::answered(&waiting, &receipt, repeated);
        shared.measures.answered(&receipt, repeated, waiting.came.at.elapsed());
        drop(waiting.reply.send(Answer { receipt, head: head.clone() }));
    }
}

/// Tells senders that nothing was decided.
pub(super) fn defer<L>(shared: &Shared<L>, waiting: Vec<Waiting>, code: &str, detail: &str) {
    let deferred = |waiting: &Waiting| {
        waiting.submission.deferred.store(true, Ordering::Relaxed);
        Receipt::deferred(waiting.submission.sent.id, Problem::deferred(code, detail, Some(200 + jitter_ms(800))))
    };
    let receipts = waiting.iter().map(deferred).collect();
    answer(shared, waiting, Answered { receipts, repeated: Vec::new(), head: None });
}
