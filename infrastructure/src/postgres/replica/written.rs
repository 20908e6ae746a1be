//! What this node has written lately: whoever was answered here reads it at the next read, whether the replica has it or not.
//! What is older than a replica may be is on every replica that is asked at all, so it is forgotten.

use std::collections::HashMap;
use std::mem::take;
use std::time::Duration;

use domain::id::SpaceId;
use tokio::time::Instant;

/// The last positions of spaces, in two generations.
#[derive(Debug)]
pub(super) struct Written {
    young: HashMap<SpaceId, i64>,
    old: HashMap<SpaceId, i64>,
    /// What is old was written before.
    turned: Instant,
    /// How long everything is kept at least.
    keep: Duration,
}

impl Written {
    pub(super) fn new(keep: Duration) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), turned: Instant::now(), keep }
    }

    /// Notes a commit that was made by now.
    pub(super) fn note(&mut self, space: SpaceId, position: i64, now: Instant) {
        self.forget(now);
        let newest = self.young.entry(space).or_default();
        *newest = position.max(*newest);
    }

    /// Forgets what every replica that is asked has.
    pub(super) fn forget(&mut self, now: Instant) {
        if now.saturating_duration_since(self.turned) >= self.keep {
            self.old = take(&mut self.young);
            self.turned = now;
        }
    }

    /// How far this node has lately brought a space.
    pub(super) fn of(&self, space: SpaceId) -> i64 {
        let of = |generation: &HashMap<SpaceId, i64>| generation.get(&space).copied().unwrap_or_default();
        of(&self.young).max(of(&self.old))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const SPACE: SpaceId = SpaceId(Uuid::from_u128(7));
    const KEEP: Duration = Duration::from_secs(5);

    #[test]
    fn what_was_written_is_known_for_as_long_as_a_replica_may_be_without_it() {
        let mut written = Written::new(KEEP);
        let begun = written.turned;
        let last_of_its_generation = begun + KEEP - Duration::from_millis(1);
        written.note(SPACE, 4, last_of_its_generation);
        written.note(SPACE, 3, last_of_its_generation);
        assert_eq!(written.of(SPACE), 4, "a position only rises");
        written.forget(begun + KEEP);
        assert_eq!(written.of(SPACE), 4);
        written.forget(begun + KEEP * 2 - Duration::from_millis(1));
        assert_eq!(written.of(SPACE), 4, "it is not five seconds old");
        written.forget(begun + KEEP * 2);
        assert_eq!(written.of(SPACE), 0);
        assert!(written.young.is_empty() && written.old.is_empty());
    }
}
