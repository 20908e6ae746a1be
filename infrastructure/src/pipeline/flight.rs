//! One flight: a group is decided and written together; what did not land with it is tried again alone.

use std::sync::Arc;

use application::fault::Fault;
use application::ledger::Ledger;
use application::submit::{Batch, BatchOutcome, submit};
use tokio::sync::OwnedSemaphorePermit;
use tracing::{Instrument, Span, debug_span};

use super::landing::{batch, land};
use super::queue::{Share, Waiting};
use super::timed::Timed;
use super::{Shared, alone, series};
use crate::clock::now_ms;
use crate::metric_names;

/// Flies a group and answers everyone in it.
pub(super) async fn fly<L: Ledger + 'static>(
    shared: Arc<Shared<L>>,
    mut group: Vec<Share>,
    place: OwnedSemaphorePermit,
) {
    if group.len() == 1
        && let Some(only) = group.pop()
    {
        series::fly(&shared, only).await;
    } else {
        let span = depart(group.iter_mut().flat_map(|share| &mut share.waiting));
        decide_and_write(shared, group).instrument(span).await;
    }
    drop(place);
}

/// The wait of everyone in the group ends. The flight belongs to the request that is the first in it, and follows from the
/// others: a span has one parent.
pub(super) fn depart<'a>(waiting: impl Iterator<Item = &'a mut Waiting>) -> Span {
    let mut waiting: Vec<&mut Waiting> = waiting.collect();
    waiting.iter_mut().for_each(|waiting| waiting.came.taken());
    let Some(first) = waiting.first() else { return Span::none() };
    let span = debug_span!(parent: &first.came.from, "flight", group.transactions = waiting.len());
    if !span.is_disabled() {
        for other in waiting.iter().filter(|other| other.came.from != first.came.from) {
            span.follows_from(&other.came.from);
        }
    }
    span
}

/// Tells the size of a group that departs.
pub(super) fn measure<L>(shared: &Shared<L>, transactions: usize) {
    metrics::histogram!(metric_names::GROUP_TRANSACTIONS).record(transactions as f64);
    metrics::gauge!(metric_names::WAITING_TRANSACTIONS).set(shared.queue().waiting() as f64);
}

async fn decide_and_write<L: Ledger + 'static>(shared: Arc<Shared<L>>, group: Vec<Share>) {
    let batches: Vec<Batch> = group.iter().map(|share| batch(share.space, &share.waiting)).collect();
    let transactions: usize = batches.iter().map(|batch| batch.submissions.len()).sum();
    measure(&shared, transactions);
    match submit(&Timed::new(&*shared.ledger), now_ms(), &batches, false).await {
        Ok(outcomes) => {
            for (share, outcome) in group.into_iter().zip(outcomes) {
                match outcome {
                    BatchOutcome::Committed(committed) => land(&shared, share, committed),
                    BatchOutcome::Lost => retry(&shared, share, Fault::Unavailable(HEAD_MOVED.to_owned())),
                }
            }
        }
        Err(fault) => {
            tracing::warn!(group.spaces = group.len(), group.transactions = transactions, fault = %fault, "a group append failed; its spaces are tried alone");
            group.into_iter().for_each(|share| retry(&shared, share, fault.clone()));
        }
    }
}

/// What is said of a space that lost its append.
pub(super) const HEAD_MOVED: &str = "the head moved";

/// Tries a space again alone, in a task of its own.
pub(super) fn retry<L: Ledger + 'static>(shared: &Arc<Shared<L>>, share: Share, fault: Fault) {
    metrics::counter!(metric_names::RETRIED_ALONE_TOTAL).increment(1);
    tokio::spawn(alone::retry(Arc::clone(shared), share, fault).instrument(debug_span!("alone")));
}
