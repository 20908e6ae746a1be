//! `levelup backup`: a backup beside a server that runs, to a folder in which each has a folder of its own; what lies in
//! there, and whether it is what it must be.

mod list;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use infrastructure::backup::{BackupError, Folder, Wish, make_noted};
use infrastructure::config::{Backup, Settings, parse_chain};
use infrastructure::erasure::ErasureFile;
use infrastructure::postgres::backup::runs::Cause;
use infrastructure::postgres::log_copy::import::ImportError;
use infrastructure::postgres::pool;
use infrastructure::postgres::rebuild::Progress;

use super::rebuild::meter::Meter;
use super::rebuild::must_be_migrated;
use super::{CliError, Exit, database, signals};

/// What `levelup backup` is told.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct BackupArgs {
    /// The folder of the backups; made when missing. What has changed since the newest in it is added to that
    #[arg(value_name = "DIR", required = true)]
    pub dir: Option<PathBuf>,
    /// A full backup, even if an increment would do or if the newest there is of another database
    #[arg(long)]
    pub full: bool,
    /// Backups of a chain at most: after so many the next one is full
    #[arg(long, value_name = "COUNT", default_value_t = Backup::default().backup_chain, value_parser = parse_chain)]
    pub chain: usize,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Check a backup with all that it goes on from; no database is needed
    Verify(verify::VerifyArgs),
    /// Print what lies in a folder of backups
    List(list::ListArgs),
}

/// Makes a backup, or looks at one.
pub async fn run(args: BackupArgs) -> Result<(), CliError> {
    match args.command {
        Some(Command::Verify(args)) => return verify::run(args),
        Some(Command::List(args)) => return list::run(&args),
        None => {}
    }
    let folder = Folder::make(&args.dir.unwrap_or_default())?;
    let erased = ErasureFile::within(&args.settings.data_dir);
    let wish = Wish { full: args.full, chain_max: args.chain, erased, shunned: None };
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let stop = signals::stop_token()?;
        let mut client = pool::connect_alone(database.config()).await?;
        let (mut meter, mut last) = (Meter::new(), Progress::default());
        let mut tell = |progress| {
            last = progress;
            meter.show(&progress);
        };
        let made = make_noted(&mut client, (&folder, &wish, Cause::Command), &stop, &mut tell).await;
        let took = meter.finish(&last);
        let known = made?;
        let (manifest, name) = (&known.manifest, known.name());
        let (spaces, changed, events, accounts) =
            (manifest.spaces, manifest.changed, manifest.events, manifest.accounts);
        let from = manifest.parent.as_ref().map(|parent| format!(", behind {}", parent.name)).unwrap_or_default();
        println!(
            "{name}{from}: spaces: {spaces}, changed: {changed}, events: {events}, accounts: {accounts}, bytes: {}; {took}",
            manifest.bytes()
        );
        Ok(())
    })
    .await
}

impl From<BackupError> for CliError {
    fn from(error: BackupError) -> Self {
        let whole = "Nothing was written. Take another backup, or get this one whole.";
        let (exit, next) = match error {
            BackupError::Import(error @ ImportError::Met { .. }) => {
                let next = "Somebody writes there. Stop it, and begin again with an empty database.";
                return Self::new(Exit::Failed, error.to_string(), next);
            }
            BackupError::Import(error) => return error.into(),
            BackupError::Fault(fault) => {
                return Self::new(Exit::Database, fault.to_string(), "Run the same command again.");
            }
            BackupError::Chain(_) => (Exit::Usage, "`levelup backup list DIR` prints what is there."),
            BackupError::Manifest { .. } | BackupError::Damaged { .. } => (Exit::Usage, whole),
            BackupError::Schema { .. } => (Exit::Usage, "Use a levelup as new as the one that made it."),
            BackupError::NoRoom { .. } => (
                Exit::Environment,
                "Nothing of this backup stays, the older ones are whole. Make room and run it again.",
            ),
            BackupError::Io { .. } => (Exit::Environment, "Name another folder, or give this account rights to it."),
            BackupError::Busy(_) => (Exit::Failed, "Let the other one end; one that died has let go."),
            BackupError::NotEmpty => {
                (Exit::Failed, "Nothing was written. Restore into an empty database; `createdb` makes one.")
            }
            BackupError::OtherRestore(_) => {
                (Exit::Failed, "Go on with that one by `--at`, or drop the database and begin with an empty one.")
            }
            BackupError::HalfRestored(_) => {
                (Exit::Failed, "Run the same `levelup restore` again; it goes on to its end.")
            }
            BackupError::Stranger(_) => {
                (Exit::Failed, "Name another folder; or, if this database is to have that one, say so by --full.")
            }
            BackupError::List { .. } => (
                Exit::Usage,
                "Nothing was written. Get the list whole, or go on with what can be read by --incomplete-erasures.",
            ),
            BackupError::Redacted | BackupError::NewLife => (Exit::Failed, "Nothing of it stays. Run it again."),
            BackupError::Interrupted => {
                (Exit::Interrupted, "Backups that were there are whole. Run the same command again.")
            }
        };
        Self::new(exit, error.to_string(), next)
    }
}
