//! Progress through the seeds, on standard error: a bar on a terminal, else a plain line every few seconds.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PLAIN_LINE_EVERY: Duration = Duration::from_secs(5);
const BAR: &str = "{bar:32} {pos}/{len} seeds  {per_sec}  {eta} left";

/// Shows how far it is.
pub(super) struct Meter {
    bar: ProgressBar,
    plain: Option<Instant>,
    began: Instant,
    seeds: u64,
}

impl Meter {
    /// A meter before the first seed.
    pub(super) fn new(seeds: u64) -> Self {
        let terminal = stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(seeds), target);
        if let Ok(style) = ProgressStyle::with_template(BAR) {
            bar.set_style(style);
        }
        Self { bar, plain: (!terminal).then(Instant::now), began: Instant::now(), seeds }
    }

    /// So many are done.
    pub(super) fn show(&mut self, done: u64) {
        self.bar.set_position(done);
        if self.plain.is_some_and(|last| last.elapsed() >= PLAIN_LINE_EVERY) {
            self.plain = Some(Instant::now());
            let each = self.began.elapsed().as_secs_f64() / done.max(1) as f64;
            let left = each * self.seeds.saturating_sub(done) as f64;
            eprintln!("{done} of {} seeds, about {left:.0} s left", self.seeds);
        }
    }

    /// Takes the bar away and says how long it took.
    pub(super) fn finish(&self) -> String {
        self.bar.finish_and_clear();
        format!("{:.1} s", self.began.elapsed().as_secs_f64())
    }
}
