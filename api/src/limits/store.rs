//! What the limiter remembers, bounded: an attacker with many addresses fills no memory.
//!
//! A subject whose bucket is full again is forgotten, since it is like one that was never seen. Beyond the bound, whoever
//! is known keeps the own bucket, and newcomers share some.

use std::hash::{BuildHasher, RandomState};

use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::{DashMapStateStore, ShrinkableKeyedStateStore};

use super::subject::Subject;

/// Subjects of one kind that are remembered at most, at about a hundred bytes each.
const SUBJECTS_MAX: usize = 100_000;

/// The buckets of one kind.
pub(super) struct Store {
    known: DashMapStateStore<Subject>,
    spread: RandomState,
    max: usize,
}

impl Default for Store {
    fn default() -> Self {
        Self { known: DashMapStateStore::default(), spread: RandomState::new(), max: SUBJECTS_MAX }
    }
}

impl StateStore for Store {
    type Key = Subject;

    fn measure_and_replace<T, F, E>(&self, subject: &Subject, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let subject = match self.known.contains_key(subject) || self.known.len() < self.max {
            true => *subject,
            false => Subject::shared(self.spread.hash_one(subject)),
        };
        self.known.measure_and_replace(&subject, measure)
    }
}

impl ShrinkableKeyedStateStore<Subject> for Store {
    fn retain_recent(&self, drop_below: Nanos) {
        ShrinkableKeyedStateStore::retain_recent(&self.known, drop_below);
    }

    fn len(&self) -> usize {
        self.known.len()
    }

    fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    /// Asks once; whether the bucket was new.
    fn ask(store: &Store, number: u32) -> bool {
        let subject = Subject::at(IpAddr::V4(Ipv4Addr::from(number)));
        let asked = store.measure_and_replace(&subject, |seen| Ok::<_, ()>((seen.is_none(), Nanos::new(1_000))));
        asked.unwrap()
    }

    #[test]
    fn many_addresses_fill_no_memory_and_take_nobody_the_own_bucket() {
        let store = Store { max: 100, ..Store::default() };
        assert!(ask(&store, 0));
        for number in 1..50_000 {
            ask(&store, number);
        }
        assert!(store.len() <= 100 + 4_096, "{}", store.len());
        let known = Subject::at(IpAddr::V4(Ipv4Addr::from(0)));
        assert!(store.known.contains_key(&known));
        store.retain_recent(Nanos::new(2_000));
        assert!(store.is_empty());
        assert!(ask(&store, 0));
    }
}
