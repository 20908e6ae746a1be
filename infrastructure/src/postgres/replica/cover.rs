//! How far behind a replica is, in time and by one clock: the database's position is noted with the moment at which it was asked
//! for, and the newest noted position that the replica has replayed says of which moment it is.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Positions that are noted at most. Of a replica that is further behind than these reach it is known only that it is.
const NOTED_MAX: usize = 4_096;

/// Which moments of the database a replica has.
#[derive(Debug, Default)]
pub(super) struct Cover {
    noted: VecDeque<(Instant, i64)>,
    replayed: i64,
    at: Option<Instant>,
}

/// The replica has what the database has not: it does not follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ahead;

impl Cover {
    /// Notes where the database was when it was asked; `at` is before the question.
    ///
    /// # Errors
    /// The replica was further already. Nothing is known of it from then on.
    pub(super) fn asked(&mut self, at: Instant, position: i64) -> Result<(), Ahead> {
        let newest = self.noted.back().map_or(0, |(_, noted)| *noted);
        if position < self.replayed || position < newest {
            *self = Self::default();
            return Err(Ahead);
        }
        if self.noted.len() == NOTED_MAX {
            self.noted.pop_front();
        }
        self.noted.push_back((at, position));
        Ok(())
    }

    /// Notes how far the replica has come.
    pub(super) fn replayed(&mut self, position: i64) {
        self.replayed = position;
        while let Some((at, _)) = self.noted.front().filter(|(_, noted)| *noted <= position) {
            self.at = Some(*at);
            self.noted.pop_front();
        }
    }

    /// Everything that was committed before this moment is on the replica.
    pub(super) fn at(&self) -> Option<Instant> {
        self.at
    }

    /// How long ago that was.
    pub(super) fn lag(&self, now: Instant) -> Option<Duration> {
        self.at.map(|at| now.saturating_duration_since(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    #[test]
    fn a_replica_is_of_the_newest_moment_whose_position_it_has_replayed() {
        let (mut cover, begun) = (Cover::default(), Instant::now());
        assert_eq!(cover.lag(begun), None, "nothing is known at first");
        for (second, position) in [(0, 10), (1, 20), (2, 30)] {
            cover.asked(begun + S * second, position).unwrap();
        }
        cover.replayed(9);
        assert_eq!(cover.lag(begun + S * 3), None);
        cover.replayed(20);
        assert_eq!(cover.lag(begun + S * 3), Some(S * 2));
        assert_eq!(cover.lag(begun + S * 9), Some(S * 8), "a replica that stands still falls behind");
        cover.replayed(31);
        assert_eq!(cover.at(), Some(begun + S * 2));
    }

    #[test]
    fn a_database_that_writes_nothing_leaves_no_replica_behind() {
        let (mut cover, begun) = (Cover::default(), Instant::now());
        for second in 0..5 {
            cover.asked(begun + S * second, 10).unwrap();
            cover.replayed(10);
        }
        assert_eq!(cover.lag(begun + S * 5), Some(S));
    }

    #[test]
    fn a_replica_that_is_further_than_the_database_does_not_follow_it() {
        let (mut cover, begun) = (Cover::default(), Instant::now());
        cover.asked(begun, 10).unwrap();
        cover.replayed(15);
        assert_eq!(cover.asked(begun + S, 14), Err(Ahead));
        assert_eq!(cover.at(), None, "what was known of it counts no more");
    }

    #[test]
    fn a_replica_that_never_comes_makes_nothing_grow() {
        let (mut cover, begun) = (Cover::default(), Instant::now());
        for position in 1..=2 * NOTED_MAX as i64 {
            cover.asked(begun, position).unwrap();
        }
        assert_eq!(cover.noted.len(), NOTED_MAX);
    }
}
