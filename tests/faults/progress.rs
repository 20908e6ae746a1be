//! How far the work has come: plans strike by it, never by the clock.

use std::sync::Arc;

use tokio::sync::watch;

/// Counts of all writers together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// Transactions sent, repeats too.
    pub(crate) sent: u64,
    /// Transactions with a receipt.
    pub(crate) acknowledged: u64,
    /// Requests that were not answered with receipts, and transactions that were put off.
    pub(crate) refused: u64,
}

/// A moment, counted from now.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Moment {
    /// So many more were sent.
    Sent(u64),
    /// So many more have receipts.
    Acknowledged(u64),
    /// So many more were put off or refused for now.
    Refused(u64),
}

/// The counts, shared.
#[derive(Clone, Debug)]
pub(crate) struct Progress(Arc<watch::Sender<Counts>>);

impl Progress {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Counts::default())))
    }

    pub(crate) fn add(&self, more: Counts) {
        self.0.send_modify(|counts| {
            counts.sent += more.sent;
            counts.acknowledged += more.acknowledged;
            counts.refused += more.refused;
        });
    }

    pub(crate) fn now(&self) -> Counts {
        *self.0.borrow()
    }

    /// Waits for the moment.
    pub(crate) async fn reach(&self, moment: Moment) {
        let start = self.now();
        let reached = |now: &Counts| match moment {
            Moment::Sent(count) => now.sent >= start.sent + count,
            Moment::Acknowledged(count) => now.acknowledged >= start.acknowledged + count,
            Moment::Refused(count) => now.refused >= start.refused + count,
        };
        self.0.subscribe().wait_for(reached).await.expect("the counts outlive who waits for them");
    }
}
