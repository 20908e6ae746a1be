//! What happened in runs, counted: how much was tried, and whether every trouble really came.

use std::collections::BTreeMap;

/// How often what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<String, u64>,
}

impl Tally {
    pub(crate) fn count(&mut self, what: impl Into<String>) {
        self.add(what, 1);
    }

    pub(crate) fn add(&mut self, what: impl Into<String>, more: u64) {
        *self.counts.entry(what.into()).or_default() += more;
    }

    /// How often this happened.
    pub fn of(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or_default()
    }

    /// Everything that happened.
    pub fn all(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(what, count)| (what.as_str(), *count))
    }

    /// Adds another run's.
    pub fn join(&mut self, other: &Self) {
        other.all().for_each(|(what, count)| self.add(what, count));
    }
}
