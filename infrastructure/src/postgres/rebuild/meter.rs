//! How far a run is and how fast it goes, from what its workers tell.

use std::time::{Duration, Instant};

use super::standing::Standing;
use super::worker::Said;
use super::{News, Progress};

/// How often its rate is written down.
const BEAT_S: u64 = 1;

/// What was done so far, and how fast.
pub(super) struct Meter {
    progress: Progress,
    began: Instant,
    counted: u64,
}

impl Meter {
    pub(super) fn of(standing: &Standing) -> Self {
        let progress = Progress::of(standing);
        Self { counted: progress.events, progress, began: Instant::now() }
    }

    /// Takes note of what a worker tells, and tells it on.
    pub(super) fn hear(&mut self, said: &Said, tell: &mut impl FnMut(News<'_>)) {
        match said {
            Said::Events(events) => self.progress.events += events,
            Said::Space => self.progress.spaces += 1,
            Said::Difference(difference) => tell(News::Difference(difference)),
            Said::Damage(finding) => tell(News::Damage(finding)),
            Said::Failed(finding) => tell(News::Failed(finding)),
        }
        tell(News::Progress(self.progress));
    }

    /// Events a second since the last beat, when it is time for another.
    pub(super) fn beat(&mut self) -> Option<i64> {
        let elapsed = self.began.elapsed();
        if elapsed < Duration::from_secs(BEAT_S) {
            return None;
        }
        let rate = (self.progress.events - self.counted) as f64 / elapsed.as_secs_f64();
        (self.began, self.counted) = (Instant::now(), self.progress.events);
        Some(rate.round() as i64)
    }
}
