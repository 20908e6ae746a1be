//! What strikes which append, and how far the plan has come.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What an append meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    Pass,
    /// It is done and durable; its answer is swallowed and the connection closed.
    SwallowAnswer,
    /// It is sent on and the connection closed at once: it may be done, now or a little later.
    CloseAfterSending,
    /// The connection is closed and the append never sent.
    CutBefore,
    /// The append is sent without its end, then the connection is closed: it was run, never committed, and held its
    /// locks for a while.
    CutInside,
    /// The connection is closed, and the append is sent when another append begins: it lands late, beside or behind
    /// the one that was made when its answer stayed away.
    LandLate,
    /// It waits for this long, and its answer comes.
    Delay(Duration),
}

impl Fault {
    /// The faults that cut a connection.
    pub const CUTS: [Self; 5] =
        [Self::SwallowAnswer, Self::CloseAfterSending, Self::CutBefore, Self::CutInside, Self::LandLate];
}

#[derive(Debug)]
pub(super) struct Plan {
    faults: Mutex<VecDeque<Fault>>,
    begun: watch::Sender<u64>,
    /// Faults that have not struck yet, or are not over.
    open: watch::Sender<usize>,
    delay_ms: AtomicU64,
    paused: watch::Sender<bool>,
    ended: CancellationToken,
}

impl Plan {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        let open = watch::Sender::new(faults.len());
        let (begun, ended) = (watch::Sender::new(0), CancellationToken::new());
        let (delay_ms, paused) = (AtomicU64::new(0), watch::Sender::new(false));
        Self { faults: Mutex::new(faults.into()), begun, open, delay_ms, paused, ended }
    }

    /// The fault of an append that begins now; none beyond the plan's end. Say `over` when it is.
    pub(super) fn begin(&self) -> Option<Fault> {
        self.begun.send_modify(|begun| *begun += 1);
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    pub(super) fn over(&self) {
        self.open.send_modify(|open| *open -= 1);
    }

    pub(super) fn begun(&self) -> u64 {
        *self.begun.borrow()
    }

    /// Waits until more appends have begun than these.
    pub(super) async fn beyond(&self, begun: u64) {
        let _ = self.begun.subscribe().wait_for(|now| *now > begun).await;
    }

    pub(super) async fn spent(&self) {
        let _ = self.open.subscribe().wait_for(|open| *open == 0).await;
    }

    pub(super) fn slow_down(&self, delay: Duration) {
        self.delay_ms.store(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms.load(Ordering::Relaxed))
    }

    pub(super) fn pause(&self, paused: bool) {
        self.paused.send_replace(paused);
    }

    /// Waits while the database stands still.
    pub(super) async fn going(&self) {
        let _ = self.paused.subscribe().wait_for(|paused| !paused).await;
    }

    pub(super) fn end(&self) {
        self.ended.cancel();
    }

    pub(super) fn ended(&self) -> CancellationToken {
        self.ended.clone()
    }
}
