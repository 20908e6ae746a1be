//! How rows are folded again.

use clap::Args;

use crate::postgres::rebuild::{WORKERS_DEFAULT, WORKERS_MAX};

/// What a serving process is told of rebuilds.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Rebuilding {
    /// Spaces that a rebuild works at side by side, each over a connection of its own
    #[arg(long, env = "LEVELUP_REBUILD_WORKERS", value_name = "COUNT", default_value_t = WORKERS_DEFAULT,
          value_parser = clap::value_parser!(u16).range(1..=i64::from(WORKERS_MAX)))]
    pub rebuild_workers: u16,
}

impl Default for Rebuilding {
    fn default() -> Self {
        Self { rebuild_workers: WORKERS_DEFAULT }
    }
}
