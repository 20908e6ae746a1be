//! How much one address, account or device may ask for.

use clap::Args;

/// What the limits are told.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Settings")]
pub struct Limits {}
