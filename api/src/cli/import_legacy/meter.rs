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
    /// Rows of the present account, and how many of them are done.
    present: (u64, u64),
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
            present: (0, 0),
        }
    }

    /// An account with so many rows begins.
    pub(in crate::cli) fn begin(&mut self, rows: u64) {
        self.present = (rows, 0);
        self.rows.1 = self.rows.1.max(self.rows.0 + rows);
        self.show();
    }

    /// So many of the commands of the present account are written.
    pub(in crate::cli) fn within(&mut self, done: u64, of: u64) {
        self.present.1 = share(self.present.0, done, of);
        self.bar.set_message(format!("account {}: {done}/{of}", self.accounts.0 + 1));
        self.show();
    }

    /// An account with so many rows is done.
    pub(in crate::cli) fn account(&mut self, rows: u64) {
        self.accounts.0 += 1;
        self.rows.0 += rows;
        self.rows.1 = self.rows.1.max(self.rows.0);
        self.present = (0, 0);
        self.show();
    }

    /// A line of standard output that the bar does not break.
    pub(in crate::cli) fn line(&self, line: &str) {
        self.bar.suspend(|| println!("{line}"));
    }

    /// Takes the bar away and says how long it took and how fast it was.
    pub(in crate::cli) fn finish(&self) -> String {
        self.bar.finish_and_clear();
        let (rows, seconds) = (self.done(), self.began.elapsed().as_secs_f64());
        format!("{rows} rows in {seconds:.1} s, {:.0} rows/s", self.rate())
    }

    fn done(&self) -> u64 {
        self.rows.0 + self.present.1
    }

    fn rate(&self) -> f64 {
        self.done() as f64 / self.began.elapsed().as_secs_f64().max(0.001)
    }

    fn show(&mut self) {
        self.bar.set_length(self.rows.1);
        self.bar.set_position(self.done());
        if self.plain.is_none_or(|last| last.elapsed() < PLAIN_LINE_EVERY) {
            return;
        }
        self.plain = Some(Instant::now());
        eprintln!("{}", self.so_far());
    }

    fn so_far(&self) -> String {
        let ((accounts, accounts_of), (done, of)) = (self.accounts, (self.done(), self.rows.1));
        let rate = self.rate();
        let left = of.saturating_sub(done) as f64 / rate.max(1.0);
        format!("{accounts} of {accounts_of} accounts, {done} of {of} rows, {rate:.0}/s, about {left:.0} s left")
    }
}

/// The share of rows that the commands stand for.
fn share(rows: u64, done: u64, of: u64) -> u64 {
    u64::try_from(u128::from(rows) * u128::from(done.min(of)) / u128::from(of.max(1))).unwrap_or(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_account_that_nobody_counted_is_measured_on_its_way() {
        let mut meter = Meter::new(1, 0);
        meter.begin(2_000);
        meter.within(1, 4);
        assert!(meter.so_far().starts_with("0 of 1 accounts, 500 of 2000 rows, "), "{}", meter.so_far());
        assert!(meter.finish().starts_with("500 rows in "));
        meter.account(2_000);
        assert!(meter.so_far().starts_with("1 of 1 accounts, 2000 of 2000 rows, "), "{}", meter.so_far());
        assert_eq!(share(10, 0, 0), 0);
    }
}
