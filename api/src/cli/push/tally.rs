//! What became of the transactions, counted, and the summary at the end.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

const SHOWN_REJECTIONS_MAX: usize = 5;

/// The counts. They survive an interruption, so that the end speaks of the whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Committed by this push.
    pub committed: u64,
    /// Committed before this push began: the server only repeated its receipt.
    pub repeated: u64,
    /// Refused for good.
    pub rejected: u64,
    /// The first few refusals, a line each.
    pub rejections: Vec<String>,
}

impl Tally {
    /// Counts one decided transaction. `head_before` is the log's end when the push began: what was committed up to
    /// there was committed by somebody earlier.
    pub(super) fn count(&mut self, line_number: usize, receipt: &Value, head_before: i64) {
        if receipt["status"] == "committed" {
            let known = receipt["positions"]["last"].as_i64().is_some_and(|last| last <= head_before);
            *(if known { &mut self.repeated } else { &mut self.committed }) += 1;
            return;
        }
        self.rejected += 1;
        if self.rejections.len() < SHOWN_REJECTIONS_MAX {
            self.rejections.push(rejection(line_number, receipt));
        }
    }

    /// How many transactions have been decided.
    pub(super) fn decided(&self) -> u64 {
        self.committed + self.repeated + self.rejected
    }

    /// The summary for people, of which `here` transactions were sent in this run.
    pub(super) fn summary(&self, here: u64, took: Duration) -> String {
        let seconds = took.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate is rounded anyway")]
        let rate = if seconds > 0.0 { here as f64 / seconds } else { 0.0 };
        let resumed = self.decided() - here;
        let mut text = format!(
            "{} sent: {} committed, {} already there, {} rejected; {seconds:.1} s, {rate:.0} transactions/s",
            self.decided(),
            self.committed,
            self.repeated,
            self.rejected
        );
        if resumed > 0 {
            text.push_str(&format!(" ({resumed} of them before an interruption)"));
        }
        for line in &self.rejections {
            text.push_str("\n  ");
            text.push_str(line);
        }
        let hidden = self.rejected.saturating_sub(self.rejections.len() as u64);
        if hidden > 0 {
            text.push_str(&format!("\n  … and {hidden} more; --receipts FILE keeps them all"));
        }
        text
    }
}

fn rejection(line_number: usize, receipt: &Value) -> String {
    let problem = &receipt["problem"];
    let code = problem["code"].as_str().unwrap_or("no code");
    let words = problem["detail"].as_str().or(problem["title"].as_str());
    words.map_or_else(|| format!("line {line_number}: {code}"), |words| format!("line {line_number}: {code}: {words}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_receipt_from_before_the_push_is_a_repeat() {
        let mut tally = Tally::default();
        tally.count(1, &json!({ "status": "committed", "positions": { "first": 8, "last": 9 } }), 9);
        tally.count(2, &json!({ "status": "committed", "positions": { "first": 10, "last": 12 } }), 9);
        tally.count(3, &json!({ "status": "committed", "positions": null }), 9);
        tally.count(4, &json!({ "status": "rejected", "problem": { "code": "deleted" } }), 9);
        assert_eq!((tally.committed, tally.repeated, tally.rejected), (2, 1, 1));
        let summary = tally.summary(2, Duration::from_secs(4));
        assert!(
            summary.starts_with("4 sent: 2 committed, 1 already there, 1 rejected; 4.0 s, 0 transactions/s"),
            "{summary}"
        );
        assert!(summary.contains("line 4: deleted"), "{summary}");
    }
}
