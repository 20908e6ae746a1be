//! `levelup admin cancel-erase`: an account that was to be erased stays.

use application::identity::admin::cancel_erasure;
use clap::Args;
use infrastructure::config::Settings;

use super::desk::Named;
use super::{CliError, Desk};

/// What `levelup admin cancel-erase` is told.
#[derive(Args, Debug)]
pub struct CancelEraseArgs {
    /// Which account.
    #[command(flatten)]
    pub account: Named,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Calls it off, whoever asked for it.
pub async fn run(args: CancelEraseArgs) -> Result<(), CliError> {
    Desk::with(&args.settings, async |desk| {
        let order = desk.order(&args.account).await?;
        cancel_erasure(&desk.directory, order).await?;
        println!("account {} stays", order.account.0);
        Ok(())
    })
    .await
}
