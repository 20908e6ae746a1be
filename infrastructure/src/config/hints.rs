//! How nodes tell each other that something was written.

use clap::{Args, ValueEnum};

use super::SecretUrl;

/// Seconds between two looks for what no hint told.
const SWEEP_S: u64 = 5;

/// What the sender and the listener of hints are told.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Hints {
    /// How nodes tell each other that something was written: `notify` (PostgreSQL), `nats` or `off`
    #[arg(long, env = "LEVELUP_HINTS", value_name = "WAY", value_enum, default_value_t = HintsOver::Notify,
          hide_possible_values = true)]
    pub hints: HintsOver,

    /// NATS servers, separated by commas, nats://user:password@host:4222 or tls://…; for LEVELUP_HINTS=nats
    #[arg(
        long,
        env = "LEVELUP_NATS_URL",
        value_name = "URLS",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub nats_url: SecretUrl,

    /// Seconds between two looks for what no hint told; without hints there is one each second
    #[arg(long, env = "LEVELUP_SWEEP_S", value_name = "SECONDS", default_value_t = SWEEP_S,
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub sweep_s: u64,
}

/// How hints travel.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum HintsOver {
    /// Not at all: each node looks for itself.
    Off,
    /// As notifications of PostgreSQL.
    Notify,
    /// As messages of NATS.
    Nats,
}

impl HintsOver {
    /// The name that is shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Notify => "notify",
            Self::Nats => "nats",
        }
    }
}

impl Default for Hints {
    fn default() -> Self {
        Self { hints: HintsOver::Notify, nats_url: SecretUrl::default(), sweep_s: SWEEP_S }
    }
}
