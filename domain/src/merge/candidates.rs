//! Fields of policy A: writes that did not see each other are kept, for the user to choose from.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits::CONFLICT_CANDIDATES_MAX;
use crate::stamp::{Seen, Stamp, Written};

/// A write that no other write has seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// What was written. A row is read without its nulls.
    #[serde(default)]
    pub value: Value,
    /// By whom and when.
    pub written: Written,
    /// Whether the writer did not say what it had seen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blind: bool,
}

/// What a field of policy A holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The candidates, the greatest stamp first: that one is shown. Never empty.
    pub candidates: Vec<Candidate>,
    /// The greatest stamp of a blind write so far. What comes later with a smaller one has lost to it already, also
    /// when that write itself is gone.
    pub floor: Option<Stamp>,
}

impl Standing {
    /// What the field holds after one more write, by a writer that had seen `seen`.
    pub fn after(&self, write: Candidate, seen: &Seen) -> Self {
        let stamp = write.written.stamp;
        if self.floor.is_some_and(|floor| stamp < floor) {
            return self.clone();
        }
        let mut candidates = self.candidates.clone();
        candidates.retain(|candidate| !seen.covers(&candidate.written));
        let mut floor = self.floor;
        if write.blind {
            floor = floor.max(Some(stamp));
            candidates.retain(|candidate| candidate.written.stamp > stamp);
        } else {
            candidates.retain(|candidate| !candidate.blind || candidate.written.stamp > stamp);
        }
        if !write.blind || candidates.is_empty() {
            candidates.push(write);
        }
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.written.stamp));
        candidates.truncate(CONFLICT_CANDIDATES_MAX);
        Self { candidates, floor }
    }

    /// Whether a write is among the candidates.
    pub fn keeps(&self, stamp: &Stamp) -> bool {
        self.candidates.iter().any(|candidate| candidate.written.stamp == *stamp)
    }

    /// Whether a write is the one that is shown.
    pub fn shows(&self, stamp: &Stamp) -> bool {
        self.candidates.first().is_some_and(|shown| shown.written.stamp == *stamp)
    }
}

/// Whether the user has to be asked: not all candidates are the same.
pub fn differ(candidates: &[Candidate]) -> bool {
    candidates.split_first().is_some_and(|(shown, others)| others.iter().any(|other| other.value != shown.value))
}
