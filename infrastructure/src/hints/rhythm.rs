//! The rhythm of looks at what every node holds in memory: by itself, and at once when a hint says so. The looks by itself
//! are what the promises rest on; hints only come before them.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::Hints;

/// Looks are at least so far apart, however many hints come.
const SPACING: Duration = Duration::from_millis(20);

/// When to look next.
#[derive(Debug)]
pub(crate) struct Rhythm {
    hints: Hints,
    heard: watch::Receiver<u64>,
    alone: Duration,
    among: Duration,
    last: Option<Instant>,
}

impl Rhythm {
    pub(super) fn new(hints: Hints, heard: watch::Receiver<u64>, alone_ms: u64, heard_ms: u64) -> Self {
        let (alone, among) = (Duration::from_millis(alone_ms), Duration::from_millis(heard_ms));
        Self { hints, heard, alone, among, last: None }
    }

    /// Waits for the moment of the next look. The first is now.
    pub(crate) async fn beat(&mut self) {
        if let Some(last) = self.last {
            let pause = if self.hints.come() { self.among } else { self.alone };
            // The sender lives in the hints that are held here.
            drop(timeout_at(last + pause, self.heard.changed()).await);
            sleep_until(last + SPACING).await;
        }
        self.heard.mark_unchanged();
        self.last = Some(Instant::now());
    }
}
