//! Whether what this node says comes back to it: the proof that a line carries in both directions.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use metrics::histogram;
use tokio::time::Instant;

use crate::metric_names::HINT_ECHO_SECONDS;

/// The letter that is waited for, and since when.
#[derive(Debug, Default)]
pub(super) struct Echo(Mutex<Option<(u64, Instant)>>);

impl Echo {
    /// Letters up to this number were said; if none is waited for, this one is.
    pub(super) fn said(&self, number: u64) {
        self.awaited().get_or_insert_with(|| (number, Instant::now()));
    }

    /// A letter of this node came back; whether it, or an earlier one, was waited for.
    pub(super) fn came(&self, number: u64) -> bool {
        let mut awaited = self.awaited();
        let Some((_, since)) = awaited.take_if(|(awaited, _)| *awaited <= number) else { return false };
        histogram!(HINT_ECHO_SECONDS).record(since.elapsed());
        true
    }

    /// How long it has been waited for one.
    pub(super) fn waited(&self) -> Option<Duration> {
        self.awaited().map(|(_, since)| since.elapsed())
    }

    /// Waits for none: the line is another.
    pub(super) fn forget(&self) {
        *self.awaited() = None;
    }

    fn awaited(&self) -> MutexGuard<'_, Option<(u64, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
