//! What a stretch of time counted.

use std::time::Duration;

use domain::entity::{Outcome, OutcomeKind};
use domain::transaction::{Receipt, Verdict};

use super::{Histogram, Requests};

/// What a stretch of time counted. Each sending of a transaction is counted once, in one of the first five.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Decided by this sending, and durable.
    pub committed: u64,
    /// Decided by this sending, and refused.
    pub rejected: u64,
    /// Not decided; the device sends it again.
    pub deferred: u64,
    /// Decided by an earlier sending, whose answer was lost or late.
    pub repeated: u64,
    /// Not taken in at all, because the queue was full.
    pub turned_away: u64,
    /// Commands of the committed ones.
    pub commands: u64,
    /// Of them, those that opened or changed a conflict for the user to decide.
    pub conflicting: u64,
    /// Of them, those that were applied in part.
    pub merged: u64,
    /// Of them, those of which nothing was applied because a later write stood.
    pub superseded: u64,
    /// How long sendings that were taken in waited for their answer.
    pub write: Histogram,
    /// How long changes were on their way from their record to readers that waited for them.
    pub delivery: Histogram,
    /// Requests of any kind, by the version of the API.
    pub requests: Requests,
}

impl Tally {
    /// Counts an answer.
    pub fn answered(&mut self, receipt: &Receipt, repeated: bool, took: Duration) {
        self.write.add(took);
        match &receipt.verdict {
            _ if repeated => self.repeated += 1,
            Verdict::Committed { results, .. } => {
                self.committed += 1;
                results.iter().for_each(|result| self.decided(&result.outcome));
            }
            Verdict::Rejected { .. } => self.rejected += 1,
            Verdict::Deferred { .. } => self.deferred += 1,
        }
    }

    fn decided(&mut self, outcome: &Outcome) {
        self.commands += 1;
        self.conflicting += u64::from(!outcome.conflicts.is_empty());
        match outcome.kind {
            OutcomeKind::Merged => self.merged += 1,
            OutcomeKind::Superseded => self.superseded += 1,
            OutcomeKind::Applied | OutcomeKind::Unchanged => {}
        }
    }

    /// Adds what another stretch counted.
    pub fn merge(&mut self, other: &Self) {
        for (own, other) in self.counts_mut().into_iter().zip(other.counts()) {
            *own += other;
        }
        self.write.merge(&other.write);
        self.delivery.merge(&other.delivery);
        self.requests.merge(&other.requests);
    }

    /// The counts, in the order of their fields.
    pub fn counts(&self) -> [u64; 9] {
        [
            self.committed,
            self.rejected,
            self.deferred,
            self.repeated,
            self.turned_away,
            self.commands,
            self.conflicting,
            self.merged,
            self.superseded,
        ]
    }

    fn counts_mut(&mut self) -> [&mut u64; 9] {
        [
            &mut self.committed,
            &mut self.rejected,
            &mut self.deferred,
            &mut self.repeated,
            &mut self.turned_away,
            &mut self.commands,
            &mut self.conflicting,
            &mut self.merged,
            &mut self.superseded,
        ]
    }

    /// How often transactions were sent.
    pub fn sent(&self) -> u64 {
        self.committed + self.rejected + self.deferred + self.repeated + self.turned_away
    }

    /// Of all sendings, those that committed at once. A transaction that had to be sent twice succeeds once of two times.
    pub fn sync_success(&self) -> Option<f64> {
        share(self.committed, self.sent())
    }

    /// Of all commands committed, those that left something for the user to decide.
    pub fn conflict_rate(&self) -> Option<f64> {
        share(self.conflicting, self.commands)
    }
}

/// A part of a whole; none of nothing.
pub(super) fn share(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}
