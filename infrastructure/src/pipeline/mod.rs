//! The pipeline: gathers waiting transactions into group appends.
//!
//! Transactions wait in a queue of their space; spaces with something waiting take turns. A flight takes a share of
//! each, hands the group to the application and answers. A space is in one flight at most, so its transactions stay in
//! order; a flight of one space decides what comes while it writes. Under low load nothing waits: a lone transaction flies
//! at once. The queue is bounded; past it callers are told to come back.

mod alone;
mod count;
mod flight;
mod landing;
mod limits;
mod queue;
mod series;
#[cfg(test)]
mod tests;
mod timed;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use application::ledger::{Head, Ledger};
use application::submit::{Actor, Submission};
use domain::id::{SpaceId, TransactionId};
use domain::stamp::clock_shift_ms;
use domain::transaction::{Problem, Receipt, Sent};
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

pub use self::limits::Limits;
use self::queue::{Came, Queue, Waiting};
use crate::clock::{jitter_ms, now_ms};
use crate::hub::Hub;
use crate::measures::Measures;
use crate::{metric_names, request_name};

/// The pipeline of this node. Clones share it.
#[derive(Debug)]
pub struct Pipeline<L> {
    shared: Arc<Shared<L>>,
}

#[derive(Debug)]
struct Shared<L> {
    ledger: Arc<L>,
    hub: Hub,
    limits: Limits,
    queue: Mutex<Queue>,
    wake: Notify,
    flights: Arc<Semaphore>,
    alone: Semaphore,
    measures: Measures,
}

/// The answer to one transaction.
#[derive(Clone, Debug)]
struct Answer {
    receipt: Receipt,
    /// The head that it was decided on or made; none when it was not decided.
    head: Option<Arc<Head>>,
}

/// The answers to the transactions of one request.
#[derive(Clone, Debug)]
pub struct Answers {
    /// One for each, in order.
    pub receipts: Vec<Receipt>,
    /// The head after the last that was decided.
    pub head: Option<Arc<Head>>,
}

/// The queue is full: come back after a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many transactions are waiting")]
pub struct Overloaded {
    /// Milliseconds, spread by chance.
    pub retry_after_ms: u64,
}

impl<L> Clone for Pipeline<L> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<L: Ledger + 'static> Pipeline<L> {
    /// Starts the pipeline on the current tokio runtime; it ends with `stop`, after what it has taken is answered.
    pub fn start(ledger: Arc<L>, hub: Hub, limits: Limits, stop: CancellationToken) -> Self {
        let shared = Arc::new(Shared {
            ledger,
            hub,
            limits,
            queue: Mutex::default(),
            wake: Notify::new(),
            flights: Arc::new(Semaphore::new(limits.flights_max)),
            alone: Semaphore::new(limits.alone_max),
            measures: Measures::default(),
        });
        tokio::spawn(dispatch(Arc::clone(&shared), stop));
        Self { shared }
    }

    /// The store.
    pub fn ledger(&self) -> &L {
        &self.shared.ledger
    }

    /// What becomes of what is sent, for the analytics.
    pub fn measures(&self) -> &Measures {
        &self.shared.measures
    }

    /// Takes the transactions of one request, in order. They are on their way when this returns; the future answers
    /// when all are durable, refused or deferred.
    ///
    /// # Errors
    /// The queue has no room for them; none was taken.
    pub fn submit(
        &self,
        actor: Actor,
        space: SpaceId,
        sent: Vec<Sent>,
        sent_at: Option<i64>,
    ) -> Result<impl Future<Output = Answers> + Send + use<L>, Overloaded> {
        let shift_ms = clock_shift_ms(sent_at, now_ms());
        if shift_ms != 0 {
            metrics::counter!(metric_names::CLOCK_CORRECTED_TOTAL).increment(1);
        }
        let deferred = Arc::new(AtomicBool::new(false));
        let came = Came::now();
        let mut answers = Vec::with_capacity(sent.len());
        let mut waiting = Vec::with_capacity(sent.len());
        let request = request_name::current();
        for mut sent in sent {
            sent.request = sent.request.or_else(|| request.clone());
            let (reply, answer) = oneshot::channel();
            answers.push((sent.id, answer));
            let submission = Submission { actor, sent, shift_ms, deferred: Arc::clone(&deferred) };
            waiting.push(Waiting { submission, reply, came: came.clone() });
        }
        let transactions = waiting.len();
        // The span of the wait ends when the last of these is taken, which may be at once.
        drop(came);
        if !self.shared.queue().push(space, waiting, &self.shared.limits) {
            self.shared.measures.turned_away(transactions);
            metrics::counter!(metric_names::OVERLOADED_TOTAL).increment(1);
            return Err(Overloaded { retry_after_ms: 500 + jitter_ms(1_000) });
        }
        self.shared.wake.notify_one();
        Ok(collect(answers))
    }
}

/// Waits for each answer, in order.
async fn collect(answers: Vec<(TransactionId, oneshot::Receiver<Answer>)>) -> Answers {
    let mut collected = Answers { receipts: Vec::with_capacity(answers.len()), head: None };
    for (id, answer) in answers {
        let stopping = || Problem::deferred("stopping", "the server is stopping", Some(1_000));
        let answer = answer.await.unwrap_or_else(|_| Answer { receipt: Receipt::deferred(id, stopping()), head: None });
        collected.receipts.push(answer.receipt);
        collected.head = answer.head.or(collected.head);
    }
    collected
}

impl<L> Shared<L> {
    /// Every change of the queue is one step, so a lock whose holder panicked still guards a whole queue.
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a flight whenever a group is due and a place is free.
async fn dispatch<L: Ledger + 'static>(shared: Arc<Shared<L>>, stop: CancellationToken) {
    loop {
        let Ok(place) = Arc::clone(&shared.flights).acquire_owned().await else { return };
        let group = loop {
            // Beside the place of this one.
            let flights = shared.limits.flights_max.saturating_sub(shared.flights.available_permits() + 1);
            let due = {
                let mut queue = shared.queue();
                match queue.due(flights, &shared.limits) {
                    Some(due) if due <= Instant::now() => break queue.take(&shared.limits),
                    due => due,
                }
            };
            tokio::select! {
                () = shared.wake.notified() => {}
                () = stop.cancelled() => return,
                () = until(due) => {}
            }
        };
        tokio::spawn(flight::fly(Arc::clone(&shared), group, place));
    }
}

/// Waits for this moment, or for ever.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment.into()).await,
        None => std::future::pending().await,
    }
}
