//! `levelup export`: whole logs as lines of JSON, beside a server that runs. Stopped or killed, the same command goes on
//! where it was.

use std::io::{Write, stdout};
use std::path::PathBuf;

use application::identity::{Act, Actor, Directory, Email, Entry, Place, SecurityLog};
use clap::Args;
use deadpool_postgres::tokio_postgres::Client;
use domain::id::{AccountId, SpaceId};
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;
use infrastructure::log_file::{PartError, PartFile, compressed};
use infrastructure::postgres::directory::PostgresDirectory;
use infrastructure::postgres::log_copy::export::{Export, Scope, Totals};
use infrastructure::postgres::pool;
use infrastructure::postgres::rebuild::Progress;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::database::{self, Database};
use super::rebuild::meter::Meter;
use super::rebuild::must_be_migrated;
use super::{CliError, Exit, signals};

/// What `levelup export` is told.
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// The file to write; standard output when absent or `-`
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The space of the account with this e-mail address, instead of all
    #[arg(long, value_name = "ADDRESS", conflicts_with = "space")]
    pub account: Option<String>,
    /// One space instead of all
    #[arg(long, value_name = "UUID")]
    pub space: Option<Uuid>,
    /// Accounts too, with addresses, hashes of passwords and devices; keep such a file as a secret
    #[arg(long)]
    pub with_accounts: bool,
    /// Compress by zstd, as for a file that ends with .zst
    #[arg(long)]
    pub zstd: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Where the lines go.
enum Target {
    File(PartFile),
    Output { zstd: bool },
}

/// Exports.
pub async fn run(args: ExportArgs) -> Result<(), CliError> {
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let stop = signals::stop_token()?;
        let client = pool::connect_alone(database.config()).await?;
        let scope = Scope { space: space(&args, database).await?, accounts: args.with_accounts };
        let totals = Export::new(scope).totals(&client).await?;
        if let (Some(space), 0) = (scope.space, totals.spaces) {
            let next = "A space has the id of its account; leave --space out to export all.";
            return Err(CliError::new(Exit::Failed, format!("There is no space {space}"), next));
        }
        let (mut target, mut export) = open(&args, scope)?;
        if args.with_accounts {
            note(database, &scope).await?;
        }
        let mut meter = Meter::new();
        let ended = copy(&client, &mut export, &mut target, &mut meter, (totals, &stop)).await;
        let took = meter.finish(&progress(&export, totals));
        ended?;
        if let Target::File(file) = target {
            file.finish()?;
        }
        let counts = export.writer().tally().counts();
        let (spaces, events, receipts, accounts) = (counts.spaces, counts.events, counts.receipts, counts.accounts);
        eprintln!("spaces: {spaces}, events: {events}, receipts: {receipts}, accounts: {accounts}; {took}");
        Ok(())
    })
    .await
}

/// The space that was asked for.
async fn space(args: &ExportArgs, database: &Database) -> Result<Option<SpaceId>, CliError> {
    let Some(address) = &args.account else { return Ok(args.space.map(SpaceId)) };
    let unknown = || {
        let next = "Check --account; --space takes the id of an account.";
        CliError::new(Exit::Failed, "There is no account with this address", next)
    };
    let email = Email::parse(address).ok_or_else(unknown)?;
    let pool = pool::connect(database.config().clone(), 1)?;
    let found = PostgresDirectory::new(pool.clone()).credentials(&email).await;
    pool.close();
    Ok(Some(found?.ok_or_else(unknown)?.account.id.into()))
}

/// What people sign in with leaves the database: the security log says so before the first line is written.
async fn note(database: &Database, scope: &Scope) -> Result<(), CliError> {
    let pool = pool::connect(database.config().clone(), 1)?;
    let account = scope.space.map(|space| AccountId(space.0));
    let entry = Entry {
        account,
        at: now_ms(),
        act: Act::AccountsExported,
        actor: Actor::Operator,
        session: None,
        device: None,
        place: Place::default(),
        about: json!({ "all": account.is_none() }),
    };
    let noted = PostgresDirectory::new(pool.clone()).record(entry).await;
    pool.close();
    Ok(noted?)
}

/// Where the lines go, and an export that begins where an earlier one was cut off.
fn open(args: &ExportArgs, scope: Scope) -> Result<(Target, Export), CliError> {
    let file = args.file.as_ref().filter(|file| file.as_os_str() != "-");
    let zstd = args.zstd || file.is_some_and(|file| file.extension().is_some_and(|ending| ending == "zst"));
    let Some(file) = file else { return Ok((Target::Output { zstd }, Export::new(scope))) };
    let (target, mut read) = PartFile::open(file, zstd)?;
    let header = read.header().map(|header| Scope { space: header.space, accounts: header.accounts });
    if header.is_some_and(|begun| begun != scope) {
        let sentence = format!("{}.part is the beginning of an export of something else", file.display());
        return Err(CliError::new(Exit::Usage, sentence, "Remove it, or write to another file."));
    }
    if header.is_some() {
        eprintln!("going on behind line {} of {}.part", read.lines(), file.display());
    }
    Ok((Target::File(target), Export::behind(scope, &mut read)))
}

async fn copy(
    client: &Client,
    export: &mut Export,
    target: &mut Target,
    meter: &mut Meter,
    (totals, stop): (Totals, &CancellationToken),
) -> Result<(), CliError> {
    while let Some(lines) = export.next(client).await? {
        target.write(&lines)?;
        meter.show(&progress(export, totals));
        if stop.is_cancelled() {
            let next = match target {
                Target::File(_) => "What is written stays in the .part file; the same command goes on behind it.",
                Target::Output { .. } => "What was written is no whole export. Write to a file to be able to go on.",
            };
            return Err(CliError::new(Exit::Interrupted, "Stopped before the end", next));
        }
    }
    Ok(())
}

fn progress(export: &Export, totals: Totals) -> Progress {
    let counts = export.writer().tally().so_far();
    let (spaces, events) = (counts.spaces, counts.events);
    Progress { spaces, spaces_total: totals.spaces, events, events_total: totals.events }
}

impl Target {
    fn write(&mut self, lines: &str) -> Result<(), CliError> {
        let written = match self {
            Self::File(file) => return Ok(file.append(lines)?),
            Self::Output { zstd: true } => compressed(lines).and_then(|frame| stdout().write_all(&frame)),
            Self::Output { zstd: false } => stdout().write_all(lines.as_bytes()),
        };
        let closed = |error| CliError::new(Exit::Environment, format!("standard output: {error}"), "Write to a file.");
        written.and_then(|()| stdout().flush()).map_err(closed)
    }
}

impl From<PartError> for CliError {
    fn from(error: PartError) -> Self {
        let (exit, next) = match &error {
            PartError::Exists(_) => (Exit::Usage, "Remove it, or write to another file."),
            PartError::Damaged { .. } => (Exit::Usage, "Remove it; the export then begins again."),
            PartError::Io { .. } => (Exit::Environment, "Make room or give rights; the same command then goes on."),
        };
        Self::new(exit, error.to_string(), next)
    }
}
