//! `levelup admin show`: an account with its devices and sessions. The account can read that the operator looked.

use application::identity::Actor;
use application::identity::admin::{AccountFile, look};
use clap::Args;
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;

use super::desk::Named;
use super::{CliError, Desk};
use crate::admin::wire::AccountFileBody;

/// What `levelup admin show` is told.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// Which account.
    #[command(flatten)]
    pub account: Named,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Shows it.
pub async fn run(args: ShowArgs) -> Result<(), CliError> {
    let which = args.account.which()?;
    let file =
        Desk::with(&args.settings, async |desk| Ok(look(&desk.directory, which, Actor::Operator, now_ms()).await?))
            .await?;
    if args.json {
        println!("{}", serde_json::to_string(&AccountFileBody::from(file)).unwrap_or_default());
    } else {
        print(&file);
    }
    Ok(())
}

fn print(file: &AccountFile) {
    let account = &file.account;
    println!("{} {}", account.role.as_str(), account.email);
    println!("  id           {}", account.id.0);
    println!("  time zone    {}", account.time_zone);
    println!("  made         {}", moment(file.created_at));
    println!("  proven       {}", file.standing.verified_at.map_or("no".to_owned(), moment));
    println!("  locked       {}", file.standing.locked_at.map_or("no".to_owned(), moment));
    if let Some(erase_after) = account.erase_after {
        println!("  erased after {}", moment(erase_after));
    }
    for device in &file.devices {
        let name = if device.name.is_empty() { "no name" } else { &device.name };
        println!("device {} {} ({name}), last seen {}", device.id.0, device.platform, moment(device.last_seen_at));
    }
    sessions(file);
}

/// The sessions, one a line.
pub(super) fn sessions(file: &AccountFile) {
    for session in &file.sessions {
        let ended = session.because.as_deref().map_or("goes on".to_owned(), |because| format!("ended: {because}"));
        let network = session.network.as_deref().unwrap_or("unknown network");
        let seen = moment(session.last_seen_at);
        println!("session {} on {}, {network}, last seen {seen}; {ended}", session.id.0, session.device.0);
    }
}

/// A moment for people, in UTC.
pub(super) fn moment(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |moment| moment.to_string())
}
