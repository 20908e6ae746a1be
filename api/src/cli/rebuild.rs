//! `levelup rebuild`: placeholder until the real one is written.

use clap::Args;
use infrastructure::config::Settings;

use super::{CliError, Exit};

/// What `levelup rebuild` is told.
#[derive(Args, Debug)]
pub struct RebuildArgs {
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Says that it is not there yet.
pub async fn run(_args: RebuildArgs) -> Result<(), CliError> {
    Err(CliError::new(Exit::Failed, "rebuilding is not built yet", "Wait for the next version."))
}
