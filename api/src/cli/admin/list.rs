//! `levelup admin list`: accounts by address.

use application::identity::Actor;
use application::identity::admin::{AccountLine, Sought, Stand, list};
use clap::{Args, ValueEnum};
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;

use super::{CliError, Desk, RoleName, show};
use crate::admin::accounts::AccountLineBody;

/// What `levelup admin list` is told.
#[derive(Args, Debug)]
pub struct ListArgs {
    /// Those whose address begins so, whatever its case
    #[arg(long, value_name = "BEGINNING", default_value = "", hide_default_value = true)]
    pub email: String,
    /// Those with this role
    #[arg(long, value_enum)]
    pub role: Option<RoleName>,
    /// Those that stand so
    #[arg(long, value_enum)]
    pub standing: Option<StandName>,
    /// Those behind this address: the last of the list before
    #[arg(long, value_name = "ADDRESS")]
    pub after: Option<String>,
    /// So many at most
    #[arg(long, value_name = "COUNT", default_value_t = 200, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    pub limit: i64,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// How an account may stand.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum StandName {
    /// An admin keeps it out.
    Locked,
    /// It is to be erased.
    Leaving,
    /// Its address is not proven.
    Unproven,
}

/// Lists them, one a line.
pub async fn run(args: ListArgs) -> Result<(), CliError> {
    let sought = Sought {
        beginning: args.email,
        role: args.role.map(Into::into),
        stand: args.standing.map(Into::into),
        behind: args.after.map(|address| address.to_lowercase()),
        rows: args.limit,
    };
    let found =
        Desk::with(&args.settings, async |desk| Ok(list(&desk.directory, &sought, Actor::Operator, now_ms()).await?))
            .await?;
    for line in found {
        if args.json {
            println!("{}", serde_json::to_string(&AccountLineBody::from(line)).unwrap_or_default());
        } else {
            println!("{}", text(&line));
        }
    }
    Ok(())
}

fn text(line: &AccountLine) -> String {
    let account = &line.account;
    let mut text = format!("{} {} {}", account.id.0, account.role.as_str(), account.email);
    if let Some(since) = line.standing.locked_at {
        text += &format!(", locked {}", show::moment(since));
    }
    if line.standing.verified_at.is_none() {
        text += ", not proven";
    }
    if let Some(moment) = account.erase_after {
        text += &format!(", erased after {}", show::moment(moment));
    }
    text
}

impl From<StandName> for Stand {
    fn from(name: StandName) -> Self {
        match name {
            StandName::Locked => Self::Locked,
            StandName::Leaving => Self::Leaving,
            StandName::Unproven => Self::Unproven,
        }
    }
}
