//! What passes in a sync, counted.

use std::collections::BTreeMap;

use domain::entity::OutcomeKind;
use domain::transaction::{Receipt, Verdict};
use serde::{Deserialize, Serialize};

/// Codes of errors that are kept of one sync; the others are counted together.
const CODES_MAX: usize = 16;
/// Under which name they are.
const OTHERS: &str = "other";

/// What passed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Requests, and messages of a live connection.
    pub requests: i64,
    /// Transactions that went up; one that was sent again counts again.
    pub transactions: i64,
    /// Commands of those that were committed.
    pub commands: i64,
    /// Commands that were applied whole.
    pub applied: i64,
    /// Commands that were applied in part.
    pub merged: i64,
    /// Commands over which a later write stands.
    pub superseded: i64,
    /// Commands that changed nothing.
    pub unchanged: i64,
    /// Transactions that were refused.
    pub rejected: i64,
    /// Transactions that were not decided.
    pub deferred: i64,
    /// Changes that went down.
    pub changes: i64,
    /// Rows of snapshots that went down.
    pub snapshot_rows: i64,
    /// How often the device was told to start again.
    pub resets: i64,
    /// How long answering took, in all; waiting for something to happen is not counted.
    pub busy_ms: i64,
    /// What went wrong, by code: of refused and undecided transactions, and of requests.
    pub errors: BTreeMap<String, i64>,
}

impl Tally {
    /// Transactions went up and were answered.
    pub fn wrote(receipts: &[Receipt]) -> Self {
        let mut tally = Self { requests: 1, transactions: count(receipts.len()), ..Self::default() };
        for receipt in receipts {
            match &receipt.verdict {
                Verdict::Committed { results, .. } => {
                    tally.commands += count(results.len());
                    results.iter().for_each(|result| *tally.of(result.outcome.kind) += 1);
                }
                Verdict::Rejected { problem } => {
                    tally.rejected += 1;
                    tally.went_wrong(&problem.code, 1);
                }
                Verdict::Deferred { problem } => {
                    tally.deferred += 1;
                    tally.went_wrong(&problem.code, 1);
                }
            }
        }
        tally
    }

    /// So many changes went down.
    pub fn read(changes: usize) -> Self {
        Self { requests: 1, changes: count(changes), ..Self::default() }
    }

    /// So many rows of a snapshot went down.
    pub fn copied(rows: usize) -> Self {
        Self { requests: 1, snapshot_rows: count(rows), ..Self::default() }
    }

    /// The device was told to start again.
    pub fn reset() -> Self {
        Self { requests: 1, resets: 1, ..Self::default() }
    }

    /// A request was refused, or failed.
    pub fn failed(code: &str) -> Self {
        let mut tally = Self { requests: 1, ..Self::default() };
        tally.went_wrong(code, 1);
        tally
    }

    /// The same, with the time that it took.
    #[must_use]
    pub fn taking(self, busy_ms: i64) -> Self {
        Self { busy_ms: busy_ms.max(0), ..self }
    }

    /// Whether nothing passed: a look that found nothing new.
    pub fn is_idle(&self) -> bool {
        let moved = self.transactions + self.changes + self.snapshot_rows + self.resets;
        moved == 0 && self.errors.is_empty()
    }

    /// Adds what passed later.
    pub fn add(&mut self, more: &Self) {
        for (count, more) in self.counts_mut().into_iter().zip(more.clone().counts_mut()) {
            *count = count.saturating_add(*more);
        }
        more.errors.iter().for_each(|(code, times)| self.went_wrong(code, *times));
    }

    fn counts_mut(&mut self) -> [&mut i64; 13] {
        [
            &mut self.requests,
            &mut self.transactions,
            &mut self.commands,
            &mut self.applied,
            &mut self.merged,
            &mut self.superseded,
            &mut self.unchanged,
            &mut self.rejected,
            &mut self.deferred,
            &mut self.changes,
            &mut self.snapshot_rows,
            &mut self.resets,
            &mut self.busy_ms,
        ]
    }

    fn of(&mut self, outcome: OutcomeKind) -> &mut i64 {
        match outcome {
            OutcomeKind::Applied => &mut self.applied,
            OutcomeKind::Merged => &mut self.merged,
            OutcomeKind::Superseded => &mut self.superseded,
            OutcomeKind::Unchanged => &mut self.unchanged,
        }
    }

    fn went_wrong(&mut self, code: &str, times: i64) {
        let code = if self.errors.len() < CODES_MAX || self.errors.contains_key(code) { code } else { OTHERS };
        *self.errors.entry(code.to_owned()).or_default() += times;
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
