//! A read-only copy of the database that may answer readers.

use clap::Args;

use super::SecretUrl;

/// Seconds that a replica may be behind.
const LAG_S: u64 = 5;

/// What a server is told of a replica.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Replica {
    /// PostgreSQL that follows the database by streaming replication, as a URL; reads that carry a cursor go to it when it has come that far
    #[arg(
        long,
        env = "LEVELUP_REPLICA_URL",
        value_name = "URL",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub replica_url: SecretUrl,

    /// Seconds that the replica may be behind before nothing is read from it
    #[arg(long, env = "LEVELUP_REPLICA_LAG_S", value_name = "SECONDS", default_value_t = LAG_S,
          value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub replica_lag_s: u64,
}

impl Default for Replica {
    fn default() -> Self {
        Self { replica_url: SecretUrl::default(), replica_lag_s: LAG_S }
    }
}
