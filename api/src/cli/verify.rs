//! `levelup verify`: reads every log from its first event and says what is not as it must be: positions, hashes,
//! sequences, receipts, and the current tables against what a second reader's events make. It changes nothing but what it
//! keeps of itself, and runs beside a server. Stopped or killed, the next one goes on where it was.

mod report;

use clap::Args;
use deadpool_postgres::tokio_postgres::{Client, Config};
use domain::id::SpaceId;
use infrastructure::config::Settings;
use infrastructure::postgres::pool;
use infrastructure::postgres::rebuild::Progress;
use infrastructure::postgres::verify::{self, BegunBy, News, Run, RunError, Sessions, Worked, begin, under_way, work};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::report::Report;
use super::database;
use super::rebuild::meter::Meter;
use super::rebuild::must_be_migrated;
use super::{CliError, Exit, signals};

/// How long to wait while another process is at what is left.
const ELSEWHERE_MS: u64 = 100;

/// What `levelup verify` is told.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// One space instead of all
    #[arg(long, value_name = "UUID")]
    pub space: Option<Uuid>,
    /// Print one JSON document instead of lines
    #[arg(long)]
    pub json: bool,
    /// Events a second at most, by both readers together; as many as it can when not set
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub rate: Option<u32>,
    /// Begin anew instead of going on with a verify that was stopped
    #[arg(long)]
    pub anew: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Verifies and prints what was found; an error when anything was.
pub async fn run(args: VerifyArgs) -> Result<(), CliError> {
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let stop = signals::stop_token()?;
        let client = pool::connect_alone(database.config()).await?;
        let space = args.space.map(SpaceId);
        let run = match begun(&client, space, args.anew).await {
            Ok(run) => run,
            Err(RunError::Erased(space)) => {
                report::erased(args.json, space);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        walk(&client, database.config(), run, &args, &stop).await
    })
    .await
}

/// Begins a walk, or goes on with the one that has not ended.
async fn begun(client: &Client, space: Option<SpaceId>, anew: bool) -> Result<Run, RunError> {
    if anew && let Some(other) = under_way(client, space).await? {
        verify::stop(client, other).await?;
    }
    let id = match begin(client, space, BegunBy::Operator).await {
        Err(RunError::UnderWay(id)) => id,
        other => other?,
    };
    verify::run(client, id).await?.ok_or(RunError::UnderWay(id))
}

async fn walk(
    client: &Client,
    config: &Config,
    run: Run,
    args: &VerifyArgs,
    stop: &CancellationToken,
) -> Result<(), CliError> {
    if run.spaces > 0 {
        eprintln!("going on with a verify that was begun: {} of {} spaces are done", run.spaces, run.spaces_total);
    }
    let (mut meter, mut report) = (Meter::new(), Report::new(args.json));
    // What was read before counts for neither the rate nor the time left.
    let (before, mut last) = (run.events.cast_unsigned(), Progress::default());
    let mut tell = |news: News<'_>| match news {
        News::Progress(mut progress) => {
            progress.events = progress.events.saturating_sub(before);
            progress.events_total = progress.events_total.saturating_sub(before);
            meter.show(&progress);
            last = progress;
        }
        News::Finding(finding) => report.found(&meter, finding),
        News::Erased(space) => report.erased(&meter, space),
    };
    let worked = to_its_end(config, run.id, args.rate, stop, &mut tell).await;
    let took = meter.finish(&last);
    let worked = worked?;
    let ended = verify::run(client, run.id).await?;
    let ended = ended.unwrap_or(run);
    let findings = report.end(client, &ended, &took).await?;
    if worked == Worked::Newer {
        let next = "Run the newer levelup: it goes on where this one was.";
        return Err(CliError::new(Exit::Database, "A newer program builds the rows of this database", next));
    }
    verdict(findings, worked == Worked::Interrupted || ended.outcome.as_deref() == Some("stopped"))
}

/// Works at the walk until it has ended, others' parts of it included.
async fn to_its_end(
    config: &Config,
    run: Uuid,
    rate: Option<u32>,
    stop: &CancellationToken,
    tell: verify::Tell<'_>,
) -> Result<Worked, CliError> {
    let mut sessions = Sessions::connect(config).await?;
    loop {
        let worked = work(&mut sessions, run, rate, stop, &mut *tell).await?;
        if worked != Worked::Elsewhere {
            sessions.close().await;
            return Ok(worked);
        }
        let pause = tokio::time::sleep(std::time::Duration::from_millis(ELSEWHERE_MS));
        stop.run_until_cancelled(pause).await;
    }
}

fn verdict(findings: u64, interrupted: bool) -> Result<(), CliError> {
    if interrupted {
        return Err(CliError::new(Exit::Interrupted, "Stopped before the end", "Run it again to go on where it was."));
    }
    if findings > 0 {
        let next = "Rows that differ are repaired by `levelup repair`; a damaged log has to come from a backup.";
        return Err(CliError::new(Exit::Difference, "Not everything is as it was committed", next));
    }
    Ok(())
}

impl From<RunError> for CliError {
    fn from(error: RunError) -> Self {
        let next = match &error {
            RunError::Fault(fault) => return fault.clone().into(),
            RunError::UnderWay(_) => "Wait until it has ended, or stop it with `levelup verify --anew`.",
            RunError::NoSpace(_) => "A space has the id of its account; leave --space out to look at all.",
            RunError::Newer(_) => "Run the newer levelup.",
            RunError::Erased(_) => "Leave it to the erasure.",
        };
        Self::new(Exit::Failed, error.to_string(), next)
    }
}
