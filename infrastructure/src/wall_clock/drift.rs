//! How far a clock can be trusted: pure, with moments as values.

/// How far the clock may be from the database's, and how far it may jump, ms.
pub(super) const OFF_MS_MAX: i64 = 2_000;
/// A question to the database that took longer says too little about its clock, ms.
const ASKED_MS_MAX: i64 = 1_000;

/// Whether the clock can be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockStanding {
    /// It is near the database's, as far as is known.
    #[default]
    Good,
    /// It is ahead of the database's by so many milliseconds, or behind.
    Off(i64),
    /// It has jumped ahead by so many milliseconds, or back, and was not compared since.
    Jumped(i64),
}

/// What is known of the clock.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Drift {
    last: Option<(i64, i64)>,
    jumped_ms: Option<i64>,
    off_ms: Option<i64>,
}

impl Drift {
    /// The clock shows `wall_ms` when so much has passed that nobody sets; how far it has jumped since the last time.
    pub(super) fn ticked(&mut self, wall_ms: i64, steady_ms: i64) -> Option<i64> {
        let last = self.last.replace((wall_ms, steady_ms));
        let (wall_before, steady_before) = last?;
        let jump = (wall_ms - wall_before) - (steady_ms - steady_before);
        let jumped = (jump.abs() > OFF_MS_MAX).then_some(jump);
        self.jumped_ms = jumped.or(self.jumped_ms);
        jumped
    }

    /// The database was asked for its clock, between two looks at this one; how far this one is ahead, if that says enough.
    pub(super) fn compared(&mut self, before_ms: i64, database_ms: i64, after_ms: i64) -> Option<i64> {
        let asked_ms = after_ms - before_ms;
        if !(0..=ASKED_MS_MAX).contains(&asked_ms) {
            return None;
        }
        let off = before_ms + asked_ms / 2 - database_ms;
        (self.off_ms, self.jumped_ms) = (Some(off), None);
        Some(off)
    }

    pub(super) fn standing(&self) -> ClockStanding {
        match (self.off_ms, self.jumped_ms) {
            (_, Some(by)) => ClockStanding::Jumped(by),
            (Some(off), None) if off.abs() > OFF_MS_MAX => ClockStanding::Off(off),
            _ => ClockStanding::Good,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_goes_as_time_does_is_good() {
        let mut drift = Drift::default();
        for second in 0..100 {
            // It may be slowed and hastened, as time servers do.
            assert_eq!(drift.ticked(1_000_000 + second * 1_050, second * 1_000), None);
        }
        assert_eq!(drift.compared(5_000, 5_040, 5_100), Some(10));
        assert_eq!(drift.standing(), ClockStanding::Good);
    }

    #[test]
    fn a_jump_counts_until_the_clock_was_compared() {
        let mut drift = Drift::default();
        drift.ticked(1_000_000, 0);
        assert_eq!(drift.ticked(1_061_000, 1_000), Some(60_000));
        assert_eq!(drift.standing(), ClockStanding::Jumped(60_000));
        assert_eq!(drift.ticked(1_062_000, 2_000), None);
        assert_eq!(drift.standing(), ClockStanding::Jumped(60_000));
        assert_eq!(drift.compared(1_062_000, 1_002_000, 1_062_000), Some(60_000));
        assert_eq!(drift.standing(), ClockStanding::Off(60_000));
        assert_eq!(drift.ticked(1_003_000, 3_000), Some(-60_000), "and back");
        drift.compared(1_003_000, 1_003_000, 1_003_000);
        assert_eq!(drift.standing(), ClockStanding::Good);
    }

    #[test]
    fn a_slow_answer_says_nothing_about_clocks() {
        let mut drift = Drift::default();
        assert_eq!(drift.compared(0, 10_000, 5_000), None);
        assert_eq!(drift.compared(5_000, 10_000, 0), None, "it jumped meanwhile");
        assert_eq!(drift.standing(), ClockStanding::Good);
        assert_eq!(drift.compared(0, 3_000, 0), Some(-3_000));
        assert_eq!(drift.standing(), ClockStanding::Off(-3_000));
    }
}
