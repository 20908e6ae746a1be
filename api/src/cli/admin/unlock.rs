//! `levelup admin unlock`: an account is let in again.

use application::identity::admin::unlock;
use clap::Args;
use infrastructure::config::Settings;

use super::desk::Named;
use super::{CliError, Desk};

/// What `levelup admin unlock` is told.
#[derive(Args, Debug)]
pub struct UnlockArgs {
    /// Which account.
    #[command(flatten)]
    pub account: Named,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Unlocks it.
pub async fn run(args: UnlockArgs) -> Result<(), CliError> {
    Desk::with(&args.settings, async |desk| {
        let order = desk.order(&args.account).await?;
        unlock(&desk.directory, order).await?;
        println!("account {} is not locked", order.account.0);
        Ok(())
    })
    .await
}
