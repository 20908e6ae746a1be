//! `levelup rebuild`: folds every log again, compares the current tables with that and puts right what differs, beside a
//! server that runs. The live tables are never emptied; stopped at any moment they are whole.

use application::fault::Fault;
use clap::Args;
use domain::id::SpaceId;
use infrastructure::config::Settings;
use infrastructure::postgres::rebuild::{News, RebuildError, Scope, Summary, rebuild};
use infrastructure::postgres::{migrations, pool};
use uuid::Uuid;

use super::database::{self, Database};
use super::{CliError, Exit, signals};

pub(super) mod meter;

use self::meter::Meter;

/// What `levelup rebuild` is told.
#[derive(Args, Debug)]
pub struct RebuildArgs {
    /// Only compare and print what differs; ends with 5 when something does
    #[arg(long)]
    pub check: bool,
    /// One space instead of all
    #[arg(long, value_name = "UUID")]
    pub space: Option<Uuid>,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Rebuilds and prints what differed.
pub async fn run(args: RebuildArgs) -> Result<(), CliError> {
    let scope = Scope { space: args.space.map(SpaceId), check: args.check };
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let stop = signals::stop_token()?;
        let mut client = pool::connect_alone(database.config()).await?;
        let mut meter = Meter::new();
        let mut tell = |news: News<'_>| match news {
            News::Progress(progress) => meter.show(&progress),
            News::Difference(difference) => meter.line(&format!("space {}: {difference}", difference.space)),
            News::Damage(finding) => meter.line(&format!("{finding}; this space is left as it is")),
        };
        let ended = rebuild(&mut client, scope, &stop, &mut tell).await;
        let took = meter.finish(&ended.as_ref().map(|summary| summary.progress).unwrap_or_default());
        let summary = ended?;
        println!("{}", sentence(&summary, args.check, &took));
        verdict(&summary, args.check)
    })
    .await
}

/// An older or newer schema is not looked at: its tables mean something else.
pub(super) async fn must_be_migrated(database: &Database) -> Result<(), CliError> {
    let pending = migrations::pending(database.config()).await?;
    if pending.is_empty() {
        return Ok(());
    }
    let sentence = format!("{} migrations are pending ({})", pending.len(), database.label());
    Err(CliError::new(Exit::Database, sentence, "Run `levelup migrate` first."))
}

/// What was done, in one line.
fn sentence(summary: &Summary, check: bool, took: &str) -> String {
    let Summary { progress, rows, differences, spaces_differing, spaces_damaged, .. } = summary;
    let found = match (*differences, check) {
        (0, _) => "all equal".to_owned(),
        (_, true) => format!("{differences} differ ({spaces_differing} of the spaces)"),
        (_, false) => format!("{differences} differed ({spaces_differing} of the spaces) and were repaired"),
    };
    let left =
        if *spaces_damaged > 0 { format!("; left out: {spaces_damaged} with a damaged log") } else { String::new() };
    format!("spaces: {}, events: {}, rows: {rows}; {found}{left}; {took}", progress.spaces, progress.events)
}

fn verdict(summary: &Summary, check: bool) -> Result<(), CliError> {
    let error = |exit, sentence: &str, next: &str| Err(CliError::new(exit, sentence, next));
    if summary.interrupted {
        let next = "The tables are whole; run the same command again to go over all of them.";
        return error(Exit::Interrupted, "Stopped before the end", next);
    }
    if summary.spaces_damaged > 0 {
        let next = "Nothing was rebuilt from it. Run `levelup verify`, and restore such a space from a backup.";
        return error(Exit::Difference, "At least one log is damaged", next);
    }
    if check && summary.differences > 0 {
        let next = "Run `levelup rebuild` without --check to repair them; a server may go on serving meanwhile.";
        return error(Exit::Difference, "The tables are not what the log says", next);
    }
    Ok(())
}

impl From<RebuildError> for CliError {
    fn from(error: RebuildError) -> Self {
        let next = match &error {
            RebuildError::Running { .. } => "Wait until it has ended; one that died gives its place up by itself.",
            RebuildError::NoSpace(_) => "A space has the id of its account; leave --space out to rebuild all.",
            RebuildError::Fault(fault) => return fault.clone().into(),
        };
        Self::new(Exit::Failed, error.to_string(), next)
    }
}

impl From<Fault> for CliError {
    fn from(fault: Fault) -> Self {
        if let Fault::Damaged { .. } = fault {
            let next = "`levelup verify` says more; a damaged log has to come from a backup, one of a newer levelup needs that.";
            return Self::new(Exit::Difference, fault.to_string(), next);
        }
        let next = "The tables are whole. Run the same command again; if it is said again, keep the server's log.";
        Self::new(Exit::Database, fault.to_string(), next)
    }
}
