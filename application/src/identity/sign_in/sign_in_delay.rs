//! How long the next attempt to sign in has to wait after failed ones: the arithmetic, with time as a value.
//!
//! Some failures are free. From then on the wait doubles from one second to a quarter of an hour. Failures are forgotten
//! one by one. An attempt counts as failed from the moment that it begins, until it is known better: otherwise a hundred
//! that begin together would all be the first. Doubling delays instead of a lock: NIST SP 800-63B, section 5.2.2.

/// The first wait.
const WAIT_MS_MIN: i64 = 1_000;
/// The longest wait.
pub const WAIT_MS_MAX: i64 = 15 * 60 * 1_000;
/// Failures beyond the free ones after which the wait grows no more.
const DOUBLINGS_MAX: u32 = 10;

/// How patient one kind of counting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// Failures that cost nothing.
    pub free: u32,
    /// After how long one failure is forgotten.
    pub forget_ms: i64,
}

/// One account, tried by one network; or one device of an account, counted by itself; or an account as a whole.
pub const ACCOUNT: Ladder = Ladder { free: 5, forget_ms: WAIT_MS_MAX };
/// One address, whatever the accounts: a household or a company may stand behind it.
pub const ADDRESS: Ladder = Ladder { free: 50, forget_ms: 60 * 1_000 };

/// The failures of one kind that are remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strikes {
    count: u32,
    last_ms: i64,
}

impl Strikes {
    /// How long the next attempt has to wait; 0 when it need not.
    pub fn wait_ms(self, ladder: &Ladder, now_ms: i64) -> i64 {
        let Some(beyond) = self.remembered(ladder, now_ms).checked_sub(ladder.free) else { return 0 };
        let wait = (WAIT_MS_MIN << beyond.min(DOUBLINGS_MAX)).min(WAIT_MS_MAX);
        // A clock that was set back makes nobody wait longer than from now on.
        (wait - (now_ms - self.last_ms).max(0)).max(0)
    }

    /// With one more failure.
    #[must_use]
    pub fn and_one(self, ladder: &Ladder, now_ms: i64) -> Self {
        Self { count: self.remembered(ladder, now_ms).saturating_add(1), last_ms: now_ms }
    }

    /// With one less: an attempt that did not fail.
    #[must_use]
    pub fn less_one(self) -> Self {
        Self { count: self.count.saturating_sub(1), ..self }
    }

    /// Whether there are none.
    pub fn is_none(self) -> bool {
        self.count == 0
    }

    /// Failures that are not forgotten yet.
    fn remembered(self, ladder: &Ladder, now_ms: i64) -> u32 {
        let forgotten = (now_ms - self.last_ms).max(0) / ladder.forget_ms.max(1);
        self.count.saturating_sub(u32::try_from(forgotten).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(failures: u32) -> Strikes {
        (0..failures).fold(Strikes::default(), |strikes, _| strikes.and_one(&ACCOUNT, 0))
    }

    #[test]
    fn five_failures_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (0..20).map(|failures| after(failures).wait_ms(&ACCOUNT, 0) / 1_000).collect();
        assert_eq!(waits[..5], [0; 5]);
        assert_eq!(waits[5..15], [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
        assert!(waits[15..].iter().all(|wait| *wait == 900));
        assert_eq!(Strikes { count: u32::MAX, last_ms: 0 }.wait_ms(&ACCOUNT, 0), WAIT_MS_MAX);
    }

    #[test]
    fn the_wait_runs_from_the_last_failure() {
        let strikes = after(7);
        assert_eq!(strikes.wait_ms(&ACCOUNT, 1_500), 2_500);
        assert_eq!(strikes.wait_ms(&ACCOUNT, 4_000), 0);
    }

    #[test]
    fn failures_are_forgotten_one_by_one() {
        let strikes = after(6);
        let later = strikes.and_one(&ACCOUNT, 2 * ACCOUNT.forget_ms);
        assert_eq!(later.count, 5);
        assert_eq!(strikes.and_one(&ACCOUNT, 100 * ACCOUNT.forget_ms).count, 1);
    }

    #[test]
    fn whoever_tries_as_often_as_possible_gets_one_attempt_in_a_quarter_of_an_hour() {
        let (mut strikes, mut now_ms, mut attempts) = (Strikes::default(), 0, 0);
        while now_ms < 24 * 3_600 * 1_000 {
            strikes = strikes.and_one(&ACCOUNT, now_ms);
            attempts += 1;
            now_ms += strikes.wait_ms(&ACCOUNT, now_ms);
        }
        assert!((90..130).contains(&attempts), "{attempts} attempts in a day");
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nobody_for_long() {
        let strikes = after(6).and_one(&ACCOUNT, 1_000_000_000);
        assert!(strikes.wait_ms(&ACCOUNT, 0) <= WAIT_MS_MAX);
    }

    #[test]
    fn an_attempt_that_did_not_fail_is_taken_back() {
        let strikes = after(4);
        assert_eq!(strikes.and_one(&ACCOUNT, 0).less_one(), strikes);
        assert_eq!(Strikes::default().less_one(), Strikes::default());
    }

    #[test]
    fn an_address_is_given_more_patience_than_an_account() {
        let fifty = (0..50).fold(Strikes::default(), |strikes, _| strikes.and_one(&ADDRESS, 0));
        assert_eq!(fifty.less_one().wait_ms(&ADDRESS, 0), 0);
        assert_eq!(fifty.wait_ms(&ADDRESS, 0), 1_000);
    }
}
