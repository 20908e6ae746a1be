//! Progress on standard error: a bar on a terminal, else a plain line every few seconds.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PLAIN_LINE_EVERY: Duration = Duration::from_secs(5);
/// A busy server makes a client wait often and briefly; only the first of such waits is worth a line.
const PLAIN_WAIT_EVERY: Duration = Duration::from_secs(2);
const BAR: &str = "{bar:32} {human_pos}/{human_len}  {per_sec}  {eta} left  {msg}";

/// Shows how far the push is.
pub(super) struct Meter {
    bar: ProgressBar,
    plain: Option<Instant>,
    waited: Option<Instant>,
}

impl Meter {
    /// A meter of `total` transactions of which `done` are done.
    pub(super) fn new(total: usize, done: usize) -> Self {
        let terminal = stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total as u64), target).with_position(done as u64);
        if let Ok(style) = ProgressStyle::with_template(BAR) {
            bar.set_style(style);
        }
        // What an earlier run did must not count into this run's rate.
        bar.reset_eta();
        Self { bar, plain: (!terminal).then(Instant::now), waited: None }
    }

    /// `count` more are done.
    pub(super) fn advance(&mut self, count: usize) {
        self.bar.set_message("");
        self.bar.inc(count as u64);
        if self.plain.is_some_and(|last| last.elapsed() >= PLAIN_LINE_EVERY) {
            self.plain = Some(Instant::now());
            let (done, total) = (self.bar.position(), self.bar.length().unwrap_or_default());
            let rate = self.bar.per_sec();
            let left = if rate >= 1.0 { format!("about {} s left", self.bar.eta().as_secs()) } else { "slow".into() };
            eprintln!("{done} of {total} sent, {rate:.0}/s, {left}");
        }
    }

    /// Says why nothing moves.
    pub(super) fn waiting(&mut self, why: &str, pause: Duration) {
        let words = format!("{why} Trying again in {:.1} s.", pause.as_secs_f64());
        if self.plain.is_none() {
            self.bar.set_message(words);
        } else if self.waited.is_none_or(|last| last.elapsed() >= PLAIN_WAIT_EVERY) {
            self.waited = Some(Instant::now());
            eprintln!("{words}");
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
