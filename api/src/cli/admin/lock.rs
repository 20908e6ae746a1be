//! `levelup admin lock`: an account is kept out, and its sessions end.

use application::identity::admin::lock;
use clap::Args;
use infrastructure::config::Settings;

use super::desk::Named;
use super::{CliError, Desk};

/// What `levelup admin lock` is told.
#[derive(Args, Debug)]
pub struct LockArgs {
    /// Which account.
    #[command(flatten)]
    pub account: Named,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Locks it.
pub async fn run(args: LockArgs) -> Result<(), CliError> {
    Desk::with(&args.settings, async |desk| {
        let order = desk.order(&args.account).await?;
        lock(&desk.directory, &desk.live_sessions, order).await?;
        println!("account {} is locked; its sessions have ended", order.account.0);
        Ok(())
    })
    .await
}
