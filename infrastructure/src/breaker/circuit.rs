//! The circuit as a state machine: pure, with moments as values.
//!
//! Closed, everything passes. Open, nothing does, and only a probe asks. Half open, a few pass, and what becomes of them
//! decides (Nygard, "Release It!", chapter 5, "Circuit Breaker").

/// Failures in a row that open the circuit.
const FAILURES_MAX: u32 = 5;
/// A failure that is older is not in a row with the next.
const ROW_MS_MAX: i64 = 30_000;
/// Requests that pass between two probes while the circuit is half open.
const PASSES: u32 = 4;
/// Successes that close it again.
const SUCCESSES_MIN: u32 = 3;

/// Where the circuit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Everything passes.
    Closed,
    /// A few pass.
    HalfOpen,
    /// Nothing passes.
    Open,
}

/// The circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circuit {
    state: State,
    /// When the database was last seen to answer.
    proven_at: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed { failures: u32, last_failure_at: i64 },
    Open,
    HalfOpen { passes: u32, successes: u32 },
}

const CLOSED: State = State::Closed { failures: 0, last_failure_at: i64::MIN };

impl Default for Circuit {
    fn default() -> Self {
        Self { state: CLOSED, proven_at: i64::MIN }
    }
}

impl Circuit {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        match self.state {
            State::Closed { .. } => Standing::Closed,
            State::Open => Standing::Open,
            State::HalfOpen { .. } => Standing::HalfOpen,
        }
    }

    /// Whether a request passes; half open, it takes one of the few passes.
    pub fn passes(&mut self) -> bool {
        match &mut self.state {
            State::Closed { .. } => true,
            State::Open => false,
            State::HalfOpen { passes, .. } => match passes.checked_sub(1) {
                Some(left) => {
                    *passes = left;
                    true
                }
                None => false,
            },
        }
    }

    /// The database answered somebody. That may have been asked before the circuit opened, so open it stays open.
    pub fn succeeded(&mut self, now_ms: i64) {
        self.proven_at = now_ms;
        match &mut self.state {
            State::Closed { .. } => self.state = CLOSED,
            State::Open => {}
            State::HalfOpen { successes, .. } => {
                *successes += 1;
                if *successes >= SUCCESSES_MIN {
                    self.state = CLOSED;
                }
            }
        }
    }

    /// The database did not answer somebody.
    pub fn failed(&mut self, now_ms: i64) {
        match &mut self.state {
            State::Closed { failures, last_failure_at } => {
                let in_a_row = now_ms.saturating_sub(*last_failure_at) <= ROW_MS_MAX;
                *failures = if in_a_row { *failures + 1 } else { 1 };
                *last_failure_at = now_ms;
                if *failures >= FAILURES_MAX {
                    self.state = State::Open;
                }
            }
            State::Open => {}
            State::HalfOpen { .. } => self.state = State::Open,
        }
    }

    /// The probe that began at `began_at` ended. One without an answer means little while others were answered: then
    /// there is much to do, and the database is there.
    pub fn probed(&mut self, began_at: i64, answered: bool, now_ms: i64) {
        match (answered, self.state) {
            (true, State::Open) => {
                self.proven_at = now_ms;
                self.state = State::HalfOpen { passes: PASSES, successes: 0 };
            }
            (true, State::HalfOpen { successes, .. }) => {
                self.state = State::HalfOpen { passes: PASSES, successes };
                self.succeeded(now_ms);
            }
            // Failures of requests are not outweighed by a question that is easier than theirs.
            (true, State::Closed { .. }) => self.proven_at = now_ms,
            (false, State::Closed { .. }) if self.proven_at >= began_at => {}
            (false, _) => self.state = State::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Circuit {
        let mut circuit = Circuit::default();
        (0..FAILURES_MAX).for_each(|now| circuit.failed(i64::from(now)));
        circuit
    }

    fn half_open() -> Circuit {
        let mut circuit = open();
        circuit.probed(10, true, 11);
        circuit
    }

    #[test]
    fn failures_in_a_row_open_it() {
        let mut circuit = Circuit::default();
        for now in 0..i64::from(FAILURES_MAX) {
            assert!(circuit.passes());
            circuit.failed(now);
        }
        assert_eq!(circuit.standing(), Standing::Open);
        assert!(!circuit.passes());
    }

    #[test]
    fn an_answer_in_between_keeps_it_closed() {
        let mut circuit = Circuit::default();
        for now in 0..100 {
            circuit.failed(now);
            if now % 4 == 3 {
                circuit.succeeded(now);
            }
        }
        assert_eq!(circuit.standing(), Standing::Closed);
    }

    #[test]
    fn failures_that_are_far_apart_are_no_row() {
        let mut circuit = Circuit::default();
        (0..100).for_each(|number| circuit.failed(number * (ROW_MS_MAX + 1)));
        assert_eq!(circuit.standing(), Standing::Closed);
    }

    #[test]
    fn a_probe_without_an_answer_opens_it_unless_somebody_was_answered_meanwhile() {
        let mut busy = Circuit::default();
        busy.succeeded(150);
        busy.probed(100, false, 200);
        assert_eq!(busy.standing(), Standing::Closed);
        let mut dead = Circuit::default();
        dead.succeeded(50);
        dead.probed(100, false, 200);
        assert_eq!(dead.standing(), Standing::Open);
    }

    #[test]
    fn open_it_waits_for_a_probe_and_for_nothing_else() {
        let mut circuit = open();
        circuit.succeeded(20);
        circuit.failed(21);
        circuit.probed(22, false, 23);
        assert_eq!(circuit.standing(), Standing::Open);
        circuit.probed(24, true, 25);
        assert_eq!(circuit.standing(), Standing::HalfOpen);
    }

    #[test]
    fn half_open_a_few_pass() {
        let mut circuit = half_open();
        let passed = (0..100).filter(|_| circuit.passes()).count();
        assert_eq!(passed, PASSES as usize);
        // Those may have asked nothing of the database: the next probe lets others through.
        circuit.probed(12, true, 13);
        assert!(circuit.passes());
    }

    #[test]
    fn half_open_successes_close_it_and_one_failure_opens_it() {
        let mut circuit = half_open();
        (0..SUCCESSES_MIN).for_each(|now| circuit.succeeded(i64::from(now) + 20));
        assert_eq!(circuit.standing(), Standing::Closed);
        let mut circuit = half_open();
        circuit.succeeded(20);
        circuit.failed(21);
        assert_eq!(circuit.standing(), Standing::Open);
    }

    #[test]
    fn without_any_request_probes_alone_close_it() {
        let mut circuit = half_open();
        (0..i64::from(SUCCESSES_MIN)).for_each(|now| circuit.probed(now + 20, true, now + 20));
        assert_eq!(circuit.standing(), Standing::Closed);
    }
}
