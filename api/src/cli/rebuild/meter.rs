//! Progress of a walk over all logs, on standard error: a bar on a terminal, else a plain line every few seconds. What
//! is found goes to standard output, a line each.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use infrastructure::postgres::rebuild::Progress;

const PLAIN_LINE_EVERY: Duration = Duration::from_secs(5);
const BAR: &str = "{bar:32} {human_pos}/{human_len} events  {per_sec}  {eta} left  {msg}";

/// Shows how far it is.
pub(in super::super) struct Meter {
    bar: ProgressBar,
    plain: Option<Instant>,
    began: Instant,
}

impl Meter {
    /// A meter before the first event.
    pub(in super::super) fn new() -> Self {
        let terminal = stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template(BAR) {
            bar.set_style(style);
        }
        Self { bar, plain: (!terminal).then(Instant::now), began: Instant::now() }
    }

    /// It is this far.
    pub(in super::super) fn show(&mut self, progress: &Progress) {
        // Beside writers the logs grow: there can be more events than were counted at the start.
        self.bar.set_length(progress.events_total.max(progress.events));
        self.bar.set_position(progress.events);
        self.bar.set_message(format!("{}/{} spaces", progress.spaces, progress.spaces_total));
        if self.plain.is_some_and(|last| last.elapsed() >= PLAIN_LINE_EVERY) {
            self.plain = Some(Instant::now());
            let Progress { spaces, spaces_total, events, events_total } = progress;
            let left = events_total.saturating_sub(*events) as f64 / self.rate(*events).max(1.0);
            let rate = self.rate(*events);
            eprintln!(
                "{spaces} of {spaces_total} spaces, {events} of {events_total} events, {rate:.0}/s, about {left:.0} s left"
            );
        }
    }

    /// A line of standard output that the bar does not break.
    pub(in super::super) fn line(&self, line: &str) {
        self.bar.suspend(|| println!("{line}"));
    }

    /// Takes the bar away and says how long it took and how fast it was.
    pub(in super::super) fn finish(&self, progress: &Progress) -> String {
        self.bar.finish_and_clear();
        format!("{:.1} s, {:.0} events/s", self.began.elapsed().as_secs_f64(), self.rate(progress.events))
    }

    fn rate(&self, events: u64) -> f64 {
        events as f64 / self.began.elapsed().as_secs_f64().max(0.001)
    }
}
