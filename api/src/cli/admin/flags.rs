//! `levelup admin flags`: the switches that clients are told. A running server evaluates a change within a second.

use std::collections::BTreeSet;

use application::flags::{self, Flags, Refused, SetFlag, Wish};
use application::identity::Actor;
use clap::{Args, Subcommand, ValueEnum};
use domain::flag::Flag;
use domain::id::AccountId;
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;
use uuid::Uuid;

use super::super::Exit;
use super::{CliError, Desk};
use crate::admin::flags::SetFlagBody;

/// What `levelup admin flags` is told.
#[derive(Args, Debug)]
pub struct FlagsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: FlagsCommand,
}

/// What there is to do.
#[derive(Debug, Subcommand)]
pub enum FlagsCommand {
    /// List them
    List(ListFlagsArgs),
    /// Make one, or change what is named of it
    Set(SetFlagArgs),
    /// Remove one
    Remove(RemoveFlagArgs),
}

/// What `levelup admin flags list` is told.
#[derive(Args, Debug)]
pub struct ListFlagsArgs {
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// What `levelup admin flags set` is told.
#[derive(Args, Debug)]
pub struct SetFlagArgs {
    /// Which
    #[arg(value_name = "NAME")]
    pub name: String,
    /// On or off for everybody; a new one is on
    #[arg(long, value_enum)]
    pub state: Option<State>,
    /// Of a hundred accounts so many; a new one has 100
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub percentage: Option<u8>,
    /// Accounts for which it is on whatever the percentage, in the place of those before; separated by commas
    #[arg(long, value_name = "UUIDS", value_delimiter = ',')]
    pub allow: Option<Vec<Uuid>>,
    /// Accounts for which it is off whatever else, in the place of those before; separated by commas
    #[arg(long, value_name = "UUIDS", value_delimiter = ',')]
    pub deny: Option<Vec<Uuid>>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Whether a flag is on at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// For those of the percentage and the list.
    On,
    /// For nobody.
    Off,
}

/// What `levelup admin flags remove` is told.
#[derive(Args, Debug)]
pub struct RemoveFlagArgs {
    /// Which
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Does it.
pub async fn run(args: FlagsArgs) -> Result<(), CliError> {
    match args.command {
        FlagsCommand::List(args) => list(args).await,
        FlagsCommand::Set(args) => set(args).await,
        FlagsCommand::Remove(args) => remove(args).await,
    }
}

async fn list(args: ListFlagsArgs) -> Result<(), CliError> {
    let all = Desk::with(&args.settings, async |desk| Ok(desk.directory.all().await?)).await?;
    for set in all {
        if args.json {
            println!("{}", serde_json::to_string(&SetFlagBody::from(set)).unwrap_or_default());
        } else {
            println!("{}", line(&set));
        }
    }
    Ok(())
}

async fn set(args: SetFlagArgs) -> Result<(), CliError> {
    Desk::with(&args.settings, async |desk| {
        let known = desk.directory.all().await?.into_iter().find(|one| one.flag.name == args.name);
        let set = flags::set(&desk.directory, changed(&args, known)).await?;
        println!("{}", line(&set));
        Ok(())
    })
    .await
}

/// What was named, in the place of what was.
fn changed(args: &SetFlagArgs, known: Option<SetFlag>) -> Wish {
    let seen = known.as_ref().map(|known| known.version);
    let description = known.as_ref().map(|known| known.description.clone()).unwrap_or_default();
    let new = Flag { name: args.name.clone(), is_on: true, percentage: 100, ..Flag::default() };
    let mut flag = known.map_or(new, |known| known.flag);
    flag.is_on = args.state.map_or(flag.is_on, |state| state == State::On);
    flag.percentage = args.percentage.unwrap_or(flag.percentage);
    let ids = |ids: &Vec<Uuid>| ids.iter().map(|id| AccountId(*id)).collect::<BTreeSet<_>>();
    flag.allowed = args.allow.as_ref().map_or(flag.allowed, ids);
    flag.denied = args.deny.as_ref().map_or(flag.denied, ids);
    let description = args.description.clone().unwrap_or(description);
    Wish { flag, description, seen, by: Actor::Operator, at: now_ms() }
}

async fn remove(args: RemoveFlagArgs) -> Result<(), CliError> {
    Desk::with(&args.settings, async |desk| {
        let known = desk.directory.all().await?.into_iter().find(|one| one.flag.name == args.name);
        let version = known.ok_or(Refused::Unknown)?.version;
        flags::remove(&desk.directory, &args.name, version, Actor::Operator, now_ms()).await?;
        println!("flag {} is removed", args.name);
        Ok(())
    })
    .await
}

fn line(set: &SetFlag) -> String {
    let Flag { name, is_on, percentage, allowed, denied } = &set.flag;
    let state = if *is_on { "on" } else { "off" };
    let lists = format!("allowed {}, denied {}", allowed.len(), denied.len());
    let about = if set.description.is_empty() { String::new() } else { format!("; {}", set.description) };
    format!("{name} {state} {percentage} %, {lists}, version {}{about}", set.version)
}

impl From<Refused> for CliError {
    fn from(refused: Refused) -> Self {
        let (exit, sentence, next) = match refused {
            Refused::Fault(fault) => return fault.into(),
            Refused::Unknown => (Exit::Failed, "There is no such flag", "`levelup admin flags list` lists them."),
            Refused::Changed(_) => {
                (Exit::Failed, "Somebody else changed the flag just now", "Run the same command again.")
            }
            Refused::Full => (Exit::Failed, "There are as many flags as there may be", "Remove one first."),
            Refused::Name => (
                Exit::Usage,
                "This is no name of a flag",
                "A name begins with a small letter and has at most 64 small letters, digits, `.`, `_` and `-`.",
            ),
            Refused::Percentage | Refused::Description | Refused::Accounts(_) => (
                Exit::Usage,
                "The flag is not of the form that flags have",
                "Give 0 to 100 %, at most 500 characters without control characters, and at most 1000 accounts a list.",
            ),
        };
        Self::new(exit, sentence, next)
    }
}
