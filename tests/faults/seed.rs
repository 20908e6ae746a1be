//! Chance that can be had again.

use infrastructure::clock::random_bytes;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::progress::Moment;

/// The chance of one test. If the test fails it says how to have the same again.
pub(crate) struct Seed {
    seed: u64,
    test: &'static str,
    chance: StdRng,
}

impl Seed {
    /// The seed of `LEVELUP_SEED`, or a new one.
    pub(crate) fn of(test: &'static str) -> Self {
        let given = std::env::var("LEVELUP_SEED").ok();
        let given = given.map(|text| text.parse().expect("LEVELUP_SEED is a number"));
        let seed = given.unwrap_or_else(|| u64::from(u32::from_be_bytes(random_bytes())));
        Self { seed, test, chance: StdRng::seed_from_u64(mixed(seed, test)) }
    }

    /// The chance of the plan.
    pub(crate) fn chance(&mut self) -> &mut StdRng {
        &mut self.chance
    }

    /// The chance of one part of the work: its own, so that it does not depend on who comes first.
    pub(crate) fn part(&self, name: &str) -> StdRng {
        StdRng::seed_from_u64(mixed(self.seed, &format!("{}/{name}", self.test)))
    }

    /// A moment under load: after some more transactions were sent, or answered.
    pub(crate) fn moment(&mut self) -> Moment {
        let count = self.chance.random_range(1..40);
        if self.chance.random() { Moment::Sent(count) } else { Moment::Acknowledged(count) }
    }
}

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{} failed; LEVELUP_SEED={} makes the same plan again", self.test, self.seed);
        }
    }
}

/// How often: the short count, or the long one with `LEVELUP_LONG=1`.
pub(crate) fn times(short: usize, long: usize) -> usize {
    if is_long() { long } else { short }
}

/// Whether there is time.
pub(crate) fn is_long() -> bool {
    std::env::var("LEVELUP_LONG").is_ok_and(|value| value == "1")
}

/// FNV-1a over the name, started from the seed.
fn mixed(seed: u64, name: &str) -> u64 {
    let start = seed ^ 0xcbf2_9ce4_8422_2325;
    name.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
