//! The ledger of one flight, with a watch: how long it is loaded, decided and appended. Deciding knows no clock; it is what
//! lies between a load and what is asked of the ledger next.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use application::fault::Fault;
use application::ledger::{Appended, Ledger, Loaded, Prepared, Want};
use metrics::histogram;
use tracing::{Instrument, Span, debug_span};

use crate::metric_names::{APPEND_SECONDS, DECIDE_SECONDS, LOAD_SECONDS};

/// A ledger that is timed. Ends with the flight.
pub(super) struct Timed<'a, L> {
    ledger: &'a L,
    deciding: Mutex<Deciding>,
}

#[derive(Default)]
struct Deciding {
    /// Since when, and its span; none while the ledger is asked.
    now: Option<(Instant, Span)>,
    /// How long so far.
    spent: Duration,
    /// Whether anything was decided.
    begun: bool,
}

impl<'a, L> Timed<'a, L> {
    pub(super) fn new(ledger: &'a L) -> Self {
        Self { ledger, deciding: Mutex::default() }
    }

    fn begin_deciding(&self) {
        let mut deciding = self.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        deciding.now = Some((Instant::now(), debug_span!("decide")));
        deciding.begun = true;
    }

    fn end_deciding(&self) {
        let mut deciding = self.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, _)) = deciding.now.take() {
            deciding.spent += since.elapsed();
        }
    }
}

impl<L> Drop for Timed<'_, L> {
    fn drop(&mut self) {
        self.end_deciding();
        let deciding = self.deciding.get_mut().unwrap_or_else(PoisonError::into_inner);
        if deciding.begun {
            histogram!(DECIDE_SECONDS).record(deciding.spent);
        }
    }
}

impl<L: Ledger> Ledger for Timed<'_, L> {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        self.end_deciding();
        let since = Instant::now();
        let span = debug_span!("load", spaces = wants.len());
        let loaded = self.ledger.load(wants).instrument(span).await;
        histogram!(LOAD_SECONDS).record(since.elapsed());
        if loaded.is_ok() {
            self.begin_deciding();
        }
        loaded
    }

    fn recall(&self, want: &Want) -> Option<Loaded> {
        self.ledger.recall(want)
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        self.end_deciding();
        let since = Instant::now();
        let events: usize = batch.iter().map(|prepared| prepared.events.len()).sum();
        let span = debug_span!("append", spaces = batch.len(), events);
        let appended = self.ledger.append(batch).instrument(span).await;
        histogram!(APPEND_SECONDS).record(since.elapsed());
        appended
    }
}
