//! When a mail that could not be sent is tried again.

use crate::clock;

/// How long after the first attempt the second comes, without jitter.
const FIRST_MS: u64 = 5_000;
/// The longest time between two attempts, without jitter.
const LONGEST_MS: u64 = 60 * 60 * 1_000;
/// How old a mail may become; one that is older tells its reader nothing any more.
const AGE_MS_MAX: i64 = 24 * 60 * 60 * 1_000;
/// How much is added at random, in parts of the time to wait, so that nodes and mails do not come together.
const JITTER_DIVISOR: u64 = 2;

/// The moment of the next attempt after `attempts` failed ones; `None` when the mail is to be given up.
pub(super) fn next(attempts: i64, created_at: i64, now_ms: i64) -> Option<i64> {
    let wait = wait_ms(attempts);
    let wait = wait + clock::jitter_ms(wait / JITTER_DIVISOR);
    let due_at = now_ms.saturating_add_unsigned(wait);
    (due_at <= created_at.saturating_add(AGE_MS_MAX)).then_some(due_at)
}

fn wait_ms(attempts: i64) -> u64 {
    let doublings = attempts.clamp(1, 21) - 1;
    (FIRST_MS << doublings).min(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_the_one_before_up_to_an_hour() {
        assert_eq!([1, 2, 3, 4].map(wait_ms), [5_000, 10_000, 20_000, 40_000]);
        assert_eq!([10, 11, 30, i64::MAX].map(wait_ms), [2_560_000, 3_600_000, 3_600_000, 3_600_000]);
        assert_eq!(wait_ms(0), 5_000);
    }

    #[test]
    fn jitter_only_ever_adds_up_to_a_half() {
        for _ in 0..100 {
            let due = next(1, 0, 0).unwrap();
            assert!((5_000..=7_500).contains(&due), "{due}");
        }
    }

    #[test]
    fn a_mail_is_given_up_after_a_day() {
        assert!(next(1, 0, AGE_MS_MAX - 10_000).is_some());
        assert_eq!(next(1, 0, AGE_MS_MAX - 4_999), None);
        let (mut now, mut attempts) = (0, 0);
        while let Some(due) = next(attempts + 1, 0, now) {
            (now, attempts) = (due, attempts + 1);
        }
        assert!((20..40).contains(&attempts), "{attempts} attempts in a day");
    }
}
