//! The command line: one file per subcommand, each with its arguments and a `run`. A subcommand reads its arguments,
//! calls the rings further in and speaks to the person at the terminal; it decides nothing about the game.

pub mod admin;
pub mod backup;
pub mod database;
pub mod demo;
pub mod error;
pub mod export;
pub mod export_legacy;
pub mod follow;
pub mod import;
pub mod import_legacy;
pub mod keys;
mod listen;
pub mod merge;
pub mod migrate;
pub mod new_epoch;
pub mod push;
mod ready;
pub mod rebuild;
pub mod repair;
pub mod replay;
pub mod restore;
pub mod serve;
pub mod settings;
mod settings_help;
pub mod shadow;
pub mod sign_in;
mod signals;
pub mod simulate;
mod terminal;
pub mod verify;
mod whole_file;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use infrastructure::config::{InForce, Logging, in_force};
use infrastructure::telemetry;

pub use error::{CliError, Exit};

/// Level Up Sync: the sync backend of Level Up Solo.
#[derive(Parser)]
#[command(name = "levelup", version, arg_required_else_help = true, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    logging: Logging,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API; starts a private PostgreSQL when DATABASE_URL is not set
    Serve(Box<serve::ServeArgs>),
    /// Print every setting as it would be in force, and where its value comes from
    Settings(Box<settings::SettingsArgs>),
    /// Bring the schema to the newest version and end
    Migrate(migrate::MigrateArgs),
    /// Fold the current tables from the log again and compare or replace them
    Rebuild(Box<rebuild::RebuildArgs>),
    /// Check the logs, their receipts and the current tables, and change none of them
    Verify(verify::VerifyArgs),
    /// Step through what happened in a space, compare two moments of it, and see what a device had
    Replay(Box<replay::ReplayArgs>),
    /// Make the rows that a verify found wrong what the log says
    Repair(repair::RepairArgs),
    /// Write whole logs to a file, to be imported elsewhere
    Export(export::ExportArgs),
    /// Take over logs that were exported elsewhere
    Import(import::ImportArgs),
    /// Bring accounts over from the database of the legacy system, which is only read
    ImportLegacy(Box<import_legacy::ImportLegacyArgs>),
    /// Write accounts back as SQL for a database of the legacy system
    ExportLegacy(export_legacy::ExportLegacyArgs),
    /// Make a backup beside a server that runs, or check one
    Backup(Box<backup::BackupArgs>),
    /// Bring a backup back into an empty database
    Restore(restore::RestoreArgs),
    /// Make, show, lock and erase accounts, on the database itself
    Admin(admin::AdminArgs),
    /// Begin another life of every log, after a restore that a server cannot notice by itself
    NewEpoch(new_epoch::NewEpochArgs),
    /// See, rotate and revoke the keys that sign access tokens
    Keys(keys::KeysArgs),
    /// Send a file of transactions to a server as a signed-in account
    Push(push::PushArgs),
    /// Print an account's changes as they come
    Follow(follow::FollowArgs),
    /// Send recorded requests of API v1 again, and compare the shape of the answers
    Shadow(shadow::ShadowArgs),
    /// Run devices, a network and a server in virtual time, from seeds, and prove that all end up equal
    Simulate(simulate::SimulateArgs),
    /// Let two devices talk through a server and prove that both end up equal
    Demo(demo::DemoArgs),
    /// Merge cases, one JSON object a line, and print what each ends in
    Merge(merge::MergeArgs),
}

/// Reads the command line, runs the subcommand and gives its exit code.
pub fn main() -> ExitCode {
    let command = Cli::command().after_help(settings_help::text(&Cli::command()));
    let mut known = command.clone();
    let matches = command.get_matches();
    let mut cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    known.build();
    if let Some((name, chosen)) = matches.subcommand()
        && let Some(subcommand) = known.find_subcommand(name)
    {
        cli.command.learn(in_force(subcommand, chosen));
    }
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("levelup: {error}");
            ExitCode::from(error.exit_code)
        }
    }
}

impl Command {
    /// Where the settings of a subcommand that tells of them come from.
    fn learn(&mut self, settings: Vec<InForce>) {
        match self {
            Self::Serve(args) => args.serving.in_force = settings,
            Self::Settings(args) => args.serving.in_force = settings,
            _ => {}
        }
    }
}

fn start(cli: Cli) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        CliError::new(
            Exit::Environment,
            format!("no threads could be started: {error}"),
            "Raise the limit of processes.",
        )
    })?;
    let exporting = telemetry::start(&cli.logging, runtime.handle())?;
    let done = runtime.block_on(run(cli.command));
    if let Some(exporting) = exporting {
        runtime.block_on(exporting.close());
    }
    done
}

async fn run(command: Command) -> Result<(), CliError> {
    match command {
        Command::Serve(args) => serve::run(*args).await,
        Command::Settings(args) => settings::run(&args).await,
        Command::Migrate(args) => migrate::run(args).await,
        Command::Rebuild(args) => rebuild::run(*args).await,
        Command::Verify(args) => verify::run(args).await,
        Command::Replay(args) => replay::run(*args).await,
        Command::Repair(args) => repair::run(args).await,
        Command::Export(args) => export::run(args).await,
        Command::Import(args) => import::run(args).await,
        Command::ExportLegacy(args) => export_legacy::run(args).await,
        Command::ImportLegacy(args) => import_legacy::run(*args).await,
        Command::Backup(args) => backup::run(*args).await,
        Command::Restore(args) => restore::run(args).await,
        Command::Admin(args) => admin::run(args).await,
        Command::Keys(args) => keys::run(args).await,
        Command::NewEpoch(args) => new_epoch::run(args).await,
        Command::Push(args) => push::run(args).await,
        Command::Follow(args) => follow::run(args).await,
        Command::Shadow(args) => shadow::run(args).await,
        Command::Simulate(args) => simulate::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Merge(args) => merge::run(args).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_does_not_contradict_itself() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_and_the_operations_page_list_the_same_variables() {
        let help = settings_help::text(&Cli::command());
        let page = include_str!("../../../docs/OPERATIONS.md");
        let in_help = help.lines().skip(1).filter_map(|line| line.split_whitespace().next()).map(str::to_owned);
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|row| row.split('`').next());
        let on_page = rows
            .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
            .map(str::to_owned);
        let sorted = |names: Vec<String>| names.into_iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(sorted(in_help.collect()), sorted(on_page.collect()));
    }
}
