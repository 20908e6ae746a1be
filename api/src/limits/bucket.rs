//! The buckets of one kind of subject: how much is left for whom.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter};
use infrastructure::config::Rate;

use super::store::Store;
use super::subject::Subject;

/// The buckets of one kind of subject, each refilled at the same rate.
pub(super) struct Buckets {
    limiter: RateLimiter<Subject, Store, DefaultClock, StateInformationMiddleware>,
    clock: DefaultClock,
}

/// How a bucket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// How much it holds when it is full.
    pub limit: u32,
    /// How long it takes to fill.
    pub window: Duration,
    /// How much is left.
    pub remaining: u32,
    /// Until it is full again; empty, until there is one again.
    pub reset: Duration,
}

impl Buckets {
    /// Buckets of this rate, `times` as large; none without a rate.
    pub(super) fn of(rate: Rate, times: u32) -> Option<Self> {
        let Rate::At { count, per, burst } = rate else { return None };
        let one = per.duration() / count.get().saturating_mul(times).max(1);
        let burst = burst.saturating_mul(NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN));
        let quota = Quota::with_period(one.max(Duration::from_nanos(1)))?.allow_burst(burst);
        let clock = DefaultClock::default();
        Some(Self { limiter: RateLimiter::new(quota, Store::default(), clock.clone()), clock })
    }

    /// Takes one from the subject's bucket.
    ///
    /// # Errors
    /// It is empty; the level says until when.
    pub(super) fn take(&self, subject: &Subject) -> Result<Level, Level> {
        match self.limiter.check_key(subject) {
            Ok(after) => {
                let remaining = after.remaining_burst_capacity();
                let missing = after.quota().burst_size().get().saturating_sub(remaining);
                Ok(level(after.quota(), remaining, after.quota().replenish_interval().saturating_mul(missing)))
            }
            Err(refused) => Err(level(refused.quota(), 0, refused.wait_time_from(self.clock.now()))),
        }
    }

    /// Forgets buckets that are full.
    pub(super) fn forget_full(&self) {
        self.limiter.retain_recent();
    }
}

fn level(quota: Quota, remaining: u32, reset: Duration) -> Level {
    let limit = quota.burst_size().get();
    Level { limit, window: quota.replenish_interval().saturating_mul(limit), remaining, reset }
}

#[cfg(test)]
mod tests {
    use domain::id::AccountId;
    use uuid::Uuid;

    use super::*;

    fn account(number: u128) -> Subject {
        Subject::Account(AccountId(Uuid::from_u128(number)))
    }

    #[test]
    fn a_bucket_is_emptied_by_its_subject_and_by_nobody_else() {
        let buckets = Buckets::of("1/h:3".parse().unwrap(), 1).unwrap();
        let left: Vec<u32> = (0..3).map(|_| buckets.take(&account(1)).unwrap().remaining).collect();
        assert_eq!(left, [2, 1, 0]);
        let empty = buckets.take(&account(1)).unwrap_err();
        assert_eq!((empty.limit, empty.remaining, empty.window), (3, 0, Duration::from_secs(3 * 3_600)));
        assert!(empty.reset > Duration::from_secs(3_000) && empty.reset <= Duration::from_secs(3_600), "{empty:?}");
        assert_eq!(buckets.take(&account(2)).map(|level| level.remaining), Ok(2));
    }

    #[test]
    fn a_larger_bucket_holds_more_and_fills_faster() {
        let one = Buckets::of("10/min:20".parse().unwrap(), 1).unwrap().take(&account(1)).unwrap();
        let five = Buckets::of("10/min:20".parse().unwrap(), 5).unwrap().take(&account(1)).unwrap();
        assert_eq!((one.limit, five.limit, one.window, five.window), (20, 100, Duration::from_secs(120), one.window));
    }

    #[test]
    fn off_is_no_bucket() {
        assert!(Buckets::of(Rate::Off, 1).is_none());
    }
}
