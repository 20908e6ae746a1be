//! `levelup admin sessions`: where an account is signed in, and its end everywhere.

use application::identity::Actor;
use application::identity::admin::{end_sessions, look};
use clap::Args;
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;

use super::desk::Named;
use super::{CliError, Desk, show};

/// What `levelup admin sessions` is told.
#[derive(Args, Debug)]
pub struct SessionsArgs {
    /// Which account.
    #[command(flatten)]
    pub account: Named,
    /// End them all; the account may sign in again
    #[arg(long)]
    pub end: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Shows or ends them.
pub async fn run(args: SessionsArgs) -> Result<(), CliError> {
    Desk::with(&args.settings, async |desk| {
        if args.end {
            let order = desk.order(&args.account).await?;
            let ended = end_sessions(&desk.directory, &desk.live_sessions, order).await?;
            println!("sessions ended: {ended}");
        } else {
            show::sessions(&look(&desk.directory, args.account.which()?, Actor::Operator, now_ms()).await?);
        }
        Ok(())
    })
    .await
}
