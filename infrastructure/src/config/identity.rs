//! How long tokens live, who must prove an address, how long an account that is to be deleted waits.

use application::identity::limits::{ACCESS_TOKEN_LIFETIME_S, DELETION_GRACE_DAYS};
use clap::{Args, ValueEnum};

/// What identity is told.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Identity {
    /// Whether an account must prove its e-mail address before it may sign in: `off` or `required`
    #[arg(long, env = "LEVELUP_EMAIL_VERIFICATION", value_name = "WHEN", value_enum, default_value_t = EmailVerification::Off,
          hide_possible_values = true)]
    pub email_verification: EmailVerification,

    /// Seconds that an access token lives
    #[arg(long, env = "LEVELUP_ACCESS_TOKEN_S", value_name = "SECONDS", default_value_t = ACCESS_TOKEN_LIFETIME_S,
          value_parser = clap::value_parser!(i64).range(5..=86_400))]
    pub access_token_s: i64,

    /// Days that an account waits between the wish to delete it and its erasure
    #[arg(long, env = "LEVELUP_DELETION_GRACE_DAYS", value_name = "DAYS", default_value_t = DELETION_GRACE_DAYS,
          value_parser = clap::value_parser!(i64).range(0..=365))]
    pub deletion_grace_days: i64,
}

/// Whether an address must be proven.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum EmailVerification {
    /// A mail asks for it; nothing depends on it.
    Off,
    /// Nobody signs in before.
    Required,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            email_verification: EmailVerification::Off,
            access_token_s: ACCESS_TOKEN_LIFETIME_S,
            deletion_grace_days: DELETION_GRACE_DAYS,
        }
    }
}
