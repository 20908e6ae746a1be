//! Progress over accounts and rows, on standard error: a bar on a terminal, else a plain line every few seconds.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PLAIN_LINE_EVERY: Duration = Duration::from_secs(5);
const BAR: &str = "{bar:32} {human_pos}/{human_len} rows  {per_sec}  {eta} left  {msg}";

/// Shows how far it is.
pub(in crate::cli) struct Meter {
    bar: ProgressBar,
    plain: Option<Instant>,
    began: Instant,
    accounts: (u64, u64),
    rows: (u64, u64),
}

impl Meter {
    /// A meter before the first of so many accounts with so many rows; 0: nobody counted them.
    pub(in crate::cli) fn new(accounts: u64, rows: u64) -> Self {
        let terminal = stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(rows), target);
        if let Ok(style) = ProgressStyle::with_template(BAR) {
            bar.set_style(style);
        }
        Self {
            bar,
            plain: (!terminal).then(Instant::now),
            began: Instant::now(),
            accounts: (0, accounts),
            rows: (0, rows),
        }
    }

    /// So many of the commands of the present account are written.
    pub(in crate::cli) fn within(&mut self, done: u64, of: u64) {
        self.bar.set_message(format!("account {}: {done}/{of}", self.accounts.0 + 1));
        self.tell();
    }

    /// An account with so many rows is done.
    pub(in crate::cli) fn account(&mut self, rows: u64) {
        self.accounts.0 += 1;
        self.rows.0 += rows;
        self.rows.1 = self.rows.1.max(self.rows.0);
        self.bar.set_length(self.rows.1);
        self.bar.set_position(self.rows.0);
        self.tell();
    }

    /// A line of standard output that the bar does not break.
    pub(in crate::cli) fn line(&self, line: &str) {
        self.bar.suspend(|| println!("{line}"));
    }

    /// Takes the bar away and says how long it took and how fast it was.
    pub(in crate::cli) fn finish(&self) -> String {
        self.bar.finish_and_clear();
        let (rows, seconds) = (self.rows.0, self.began.elapsed().as_secs_f64());
        format!("{rows} rows in {seconds:.1} s, {:.0} rows/s", self.rate())
    }

    fn rate(&self) -> f64 {
        self.rows.0 as f64 / self.began.elapsed().as_secs_f64().max(0.001)
    }

    fn tell(&mut self) {
        if self.plain.is_none_or(|last| last.elapsed() < PLAIN_LINE_EVERY) {
            return;
        }
        self.plain = Some(Instant::now());
        let ((accounts, accounts_of), (rows, rows_of)) = (self.accounts, self.rows);
        let left = rows_of.saturating_sub(rows) as f64 / self.rate().max(1.0);
        let rate = self.rate();
        eprintln!(
            "{accounts} of {accounts_of} accounts, {rows} of {rows_of} rows, {rate:.0}/s, about {left:.0} s left"
        );
    }
}
