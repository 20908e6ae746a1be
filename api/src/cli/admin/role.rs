//! `levelup admin role`: an account gets another role, from its next request on.

use application::identity::Role;
use application::identity::admin::change_role;
use clap::Args;
use infrastructure::config::Settings;

use super::desk::Named;
use super::{CliError, Desk, RoleName};

/// What `levelup admin role` is told.
#[derive(Args, Debug)]
pub struct RoleArgs {
    /// Which account.
    #[command(flatten)]
    pub account: Named,
    /// What it may do from now on
    #[arg(long, value_enum)]
    pub role: RoleName,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Gives it the role. The operator may take the last admin's, too.
pub async fn run(args: RoleArgs) -> Result<(), CliError> {
    let role: Role = args.role.into();
    Desk::with(&args.settings, async |desk| {
        let order = desk.order(&args.account).await?;
        change_role(&desk.directory, order, role).await?;
        println!("account {} has the role {} now", order.account.0, role.as_str());
        Ok(())
    })
    .await
}
