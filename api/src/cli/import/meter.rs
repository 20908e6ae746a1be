//! Progress through a file, on standard error: a bar on a terminal, else a plain line every few seconds.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use infrastructure::postgres::log_copy::import::Progress;

const PLAIN_LINE_EVERY: Duration = Duration::from_secs(5);
const BAR: &str = "{bar:32} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left  {msg}";

/// Shows how far it is.
pub(in crate::cli) struct Meter {
    bar: ProgressBar,
    plain: Option<Instant>,
    began: Instant,
    what: &'static str,
}

impl Meter {
    /// A meter before the first line. `what` is done with them.
    pub(in crate::cli) fn new(what: &'static str) -> Self {
        let terminal = stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template(BAR) {
            bar.set_style(style);
        }
        Self { bar, plain: (!terminal).then(Instant::now), began: Instant::now(), what }
    }

    /// It is this far.
    pub(in crate::cli) fn show(&mut self, progress: &Progress) {
        self.bar.set_length(progress.bytes_total);
        self.bar.set_position(progress.bytes);
        self.bar.set_message(format!("{} events {}", progress.counts.events, self.what));
        if self.plain.is_some_and(|last| last.elapsed() >= PLAIN_LINE_EVERY) {
            self.plain = Some(Instant::now());
            let part = progress.bytes as f64 / progress.bytes_total.max(1) as f64;
            let left = self.began.elapsed().as_secs_f64() * (1.0 - part) / part.max(0.001);
            let (lines, what) = (progress.lines, self.what);
            eprintln!("{lines} lines {what}, {:.0} % of the file, about {left:.0} s left", part * 100.0);
        }
    }

    /// Takes the bar away and says how long it took.
    pub(in crate::cli) fn finish(&self) -> String {
        self.bar.finish_and_clear();
        format!("{:.1} s", self.began.elapsed().as_secs_f64())
    }
}
