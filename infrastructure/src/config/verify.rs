//! How often the logs are verified beside serving, and how fast.

use clap::Args;

const EVERY_DAYS: u32 = 7;
const EVENTS_PER_S: u32 = 2_000;

/// What the verify that goes on beside serving is told.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Verify {
    /// Days from one verify of all logs to the next, beside serving; 0: only when an admin asks for one
    #[arg(long, env = "LEVELUP_VERIFY_DAYS", value_name = "DAYS", default_value_t = EVERY_DAYS,
          value_parser = clap::value_parser!(u32).range(0..=3_650))]
    pub verify_days: u32,

    /// Events a second that a verify beside serving reads at most, by both readers together; 0: as many as it can
    #[arg(long, env = "LEVELUP_VERIFY_RATE", value_name = "COUNT", default_value_t = EVENTS_PER_S,
          value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    pub verify_rate: u32,
}

impl Default for Verify {
    fn default() -> Self {
        Self { verify_days: EVERY_DAYS, verify_rate: EVENTS_PER_S }
    }
}
