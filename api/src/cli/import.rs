//! `levelup import`: takes over logs that `levelup export` wrote, beside a server that runs. The whole file is checked
//! before anything is written; stopped or killed, the same command goes on where it was.

pub(super) mod meter;

use std::path::{Path, PathBuf};

use clap::Args;
use infrastructure::config::Settings;
use infrastructure::log_file::{LineSource, Lines};
use infrastructure::postgres::log_copy::import::{self, Checked, ImportError, Options, Taken};
use infrastructure::postgres::pool;

use self::meter::Meter;
use super::rebuild::must_be_migrated;
use super::{CliError, Exit, database, signals};

/// What `levelup import` is told.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// The file to read, compressed or not
    #[arg(value_name = "FILE", required_unless_present = "discard", conflicts_with = "discard")]
    pub file: Option<PathBuf>,
    /// Only check the file and compare it with what is here; write nothing
    #[arg(long)]
    pub check: bool,
    /// Leave out spaces and accounts that are here in another form, instead of refusing the file
    #[arg(long)]
    pub skip_existing: bool,
    /// The exported server goes on as well: begin another life of the logs here
    #[arg(long)]
    pub new_epoch: bool,
    /// Take away what unfinished imports have left
    #[arg(long)]
    pub discard: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Imports.
pub async fn run(args: ImportArgs) -> Result<(), CliError> {
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let stop = signals::stop_token()?;
        let mut client = pool::connect_alone(database.config()).await?;
        let Some(file) = &args.file else {
            let spaces = import::discard(&mut client, &stop).await?;
            println!("unfinished spaces that were taken away: {spaces}");
            return Ok(());
        };
        let mut meter = Meter::new("checked");
        let checked = import::check(&client, open(file)?, &stop, &mut |progress| meter.show(&progress)).await;
        meter.finish();
        let checked = checked?;
        println!("{}", found(&checked));
        refuse(&checked, &args)?;
        if args.check {
            return Ok(());
        }
        let (skip_existing, new_epoch) = (args.skip_existing, args.new_epoch);
        let options = Options { skip_existing, new_epoch, ..Options::default() };
        let mut meter = Meter::new("taken over");
        let mut tell = |progress| meter.show(&progress);
        let taken = import::take(&mut client, open(file)?, (&checked, options), &stop, &mut tell).await;
        let took = meter.finish();
        println!("{}; {took}", sentence(&taken?));
        Ok(())
    })
    .await
}

fn open(file: &Path) -> Result<Box<dyn LineSource>, CliError> {
    let unreadable = |error| CliError::new(Exit::Usage, format!("{}: {error}", file.display()), "Name another file.");
    Ok(Box::new(Lines::open(file).map_err(unreadable)?))
}

/// What is in the file, in one line.
fn found(checked: &Checked) -> String {
    let counts = &checked.counts;
    let (spaces, events, receipts, accounts) = (counts.spaces, counts.events, counts.receipts, counts.accounts);
    format!(
        "the file is whole; spaces: {spaces}, events: {events}, receipts: {receipts}, accounts: {accounts}; \
         here already: {}, in the way: {}",
        checked.here, checked.colliding
    )
}

/// Says what is in the way, before anything is written.
fn refuse(checked: &Checked, args: &ImportArgs) -> Result<(), CliError> {
    for collision in &checked.collisions {
        println!("{}: {}", collision.id, collision.what);
    }
    if checked.colliding == 0 || args.skip_existing {
        return Ok(());
    }
    let sentence = format!("Nothing was written: {} of the file are here in another form", checked.colliding);
    Err(CliError::new(Exit::Failed, sentence, "Import into an empty database, or leave these out by --skip-existing."))
}

/// What was done, in one line.
fn sentence(taken: &Taken) -> String {
    let Taken { spaces, events, accounts, here, skipped, recounted } = taken;
    let counted = match recounted {
        0 => String::new(),
        _ => format!(", counted again: {recounted}"),
    };
    format!(
        "taken over: spaces: {spaces}, events: {events}, accounts: {accounts}; here already: {here}, left out: {skipped}{counted}"
    )
}

impl From<ImportError> for CliError {
    fn from(error: ImportError) -> Self {
        let again = "What is whole stays, the rest is seen by nobody; the same command goes on.";
        let (exit, next) = match &error {
            ImportError::Line(_) => (Exit::Usage, "Nothing of it is taken over. Export again, or get the file whole."),
            ImportError::Io(_) => (Exit::Usage, again),
            ImportError::Schema { .. } => (Exit::Usage, "Import with a levelup as new as the one that exported."),
            ImportError::OtherFile(_) => {
                (Exit::Failed, "Import that file to its end, or run `levelup import --discard`.")
            }
            ImportError::Elsewhere(_) => (Exit::Failed, "Let the other one end."),
            ImportError::Met { .. } => (Exit::Failed, "Run it again with --skip-existing to leave it out."),
            ImportError::FileChanged => {
                (Exit::Usage, "Run `levelup import --discard` and import the file that is to be.")
            }
            ImportError::Interrupted => (Exit::Interrupted, again),
            ImportError::Fault { .. } => (Exit::Database, again),
        };
        Self::new(exit, error.to_string(), next)
    }
}
