//! `levelup rebuild`: folds every log again, compares the current tables with that and puts right what differs, beside a
//! server that runs. The live tables are never emptied; stopped at any moment they are whole, and the same command goes on
//! where it was.

use application::fault::Fault;
use application::rebuild::{PROJECTIONS, Projections};
use clap::{Args, Subcommand};
use domain::id::SpaceId;
use infrastructure::config::Settings;
use infrastructure::postgres::rebuild::{
    News, Progress, RebuildError, Scope, Standing, State, WORKERS_DEFAULT, WORKERS_MAX, rebuild,
};
use infrastructure::postgres::{migrations, pool};
use uuid::Uuid;

use super::database::{self, Database};
use super::{CliError, Exit, signals};

pub(super) mod meter;
mod orders;

use self::meter::Meter;

/// Connections beside those of the workers.
const OTHER_CONNECTIONS: usize = 3;

/// What `levelup rebuild` is told.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RebuildArgs {
    /// What is asked of a rebuild that is there; without it, one begins or goes on here.
    #[command(subcommand)]
    pub order: Option<Asked>,
    /// Only compare and print what differs; ends with 5 when something does
    #[arg(long)]
    pub check: bool,
    /// One space instead of all
    #[arg(long, value_name = "UUID")]
    pub space: Option<Uuid>,
    /// One projection instead of all, by the name of its table; may be repeated
    #[arg(long, value_name = "NAME", value_parser = parse_projection)]
    pub projection: Vec<String>,
    /// Spaces that are worked at side by side
    #[arg(long, value_name = "COUNT", default_value_t = WORKERS_DEFAULT,
          value_parser = clap::value_parser!(u16).range(1..=i64::from(WORKERS_MAX)))]
    pub workers: u16,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// What is asked of the rebuild that has not ended.
#[derive(Debug, Subcommand)]
pub enum Asked {
    /// Say how far it is
    Status(OrderArgs),
    /// Stop it, so that it can go on later
    Pause(OrderArgs),
    /// Go on with it: here, unless a server does
    Resume(OrderArgs),
    /// End it; what it has switched stays
    Cancel(OrderArgs),
}

/// What an order is told.
#[derive(Args, Debug)]
pub struct OrderArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Rebuilds and prints what differed, or asks something of a rebuild.
pub async fn run(args: RebuildArgs) -> Result<(), CliError> {
    if let Some(order) = args.order {
        return orders::run(order).await;
    }
    let names = args.projection.iter().map(String::as_str);
    let projections = Projections::named(names).unwrap_or_default();
    let scope = Scope { space: args.space.map(SpaceId), projections, check: args.check, workers: args.workers };
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let stop = signals::stop_token()?;
        let pool = pool::connect(database.config().clone(), usize::from(scope.workers) + OTHER_CONNECTIONS)?;
        let mut meter = Meter::new();
        let ended = rebuild(&pool, &scope, &stop, &mut |news| tell(&mut meter, &news)).await;
        conclude(ended, &meter)
    })
    .await
}

/// Shows a piece of news.
fn tell(meter: &mut Meter, news: &News<'_>) {
    match news {
        News::Progress(progress) => meter.show(progress),
        News::Difference(difference) => meter.line(&format!("space {}: {difference}", difference.space)),
        News::Damage(finding) | News::Failed(finding) => meter.line(&format!("{finding}; this space is left as it is")),
    }
}

/// Says how it ended.
fn conclude(ended: Result<Standing, RebuildError>, meter: &Meter) -> Result<(), CliError> {
    let took = meter.finish(&ended.as_ref().map(Progress::of).unwrap_or_default());
    let standing = ended?;
    println!("{}", sentence(&standing, &took));
    verdict(&standing)
}

fn parse_projection(text: &str) -> Result<String, String> {
    let names: Vec<&str> = PROJECTIONS.iter().map(|one| one.name).collect();
    match names.contains(&text) {
        true => Ok(text.to_owned()),
        false => Err(format!("give one of {}", names.join(", "))),
    }
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
fn sentence(standing: &Standing, took: &str) -> String {
    let Standing { spaces, events, rows, differences, spaces_differing, check, .. } = standing;
    let found = match (*differences, check) {
        (0, _) => "all equal".to_owned(),
        (_, true) => format!("{differences} differ ({spaces_differing} of the spaces)"),
        (_, false) => format!("{differences} differed ({spaces_differing} of the spaces) and were repaired"),
    };
    let left = match (standing.spaces_damaged, standing.spaces_failed) {
        (0, 0) => String::new(),
        (damaged, 0) => format!("; left out: {damaged} with a damaged log"),
        (0, failed) => format!("; left out: {failed} that the database refused"),
        (damaged, failed) => format!("; left out: {damaged} with a damaged log, {failed} that the database refused"),
    };
    format!("spaces: {spaces}, events: {events}, rows: {rows}; {found}{left}; {took}")
}

fn verdict(standing: &Standing) -> Result<(), CliError> {
    let error = |exit, sentence: &str, next: &str| Err(CliError::new(exit, sentence, next));
    match standing.state {
        State::Finished => {}
        State::Cancelling | State::Cancelled => {
            let next = "The tables are whole. What was switched stays; the same command begins again.";
            return error(Exit::Interrupted, "It was cancelled before the end", next);
        }
        State::Running | State::Paused => {
            let next =
                "The tables are whole. Go on with `levelup rebuild resume`, or end it with `levelup rebuild cancel`.";
            return error(Exit::Interrupted, "Paused before the end", next);
        }
    }
    if standing.spaces_damaged > 0 {
        let next = "Nothing was rebuilt from it. Run `levelup verify`, and restore such a space from a backup.";
        return error(Exit::Difference, "At least one log is damaged", next);
    }
    if standing.spaces_failed > 0 {
        let next = "The rows of such a space are as they were. Put right what was named above, then run the same command again.";
        return error(Exit::Difference, "At least one space could not be folded", next);
    }
    if standing.check && standing.differences > 0 {
        let next = "Run `levelup rebuild` without --check to repair them; a server may go on serving meanwhile.";
        return error(Exit::Difference, "The tables are not what the log says", next);
    }
    Ok(())
}

impl From<RebuildError> for CliError {
    fn from(error: RebuildError) -> Self {
        let next = match &error {
            RebuildError::Running { .. } => {
                "See `levelup rebuild status`; wait until it has ended, or end it with `levelup rebuild cancel`."
            }
            RebuildError::Unfinished { .. } => {
                "It is of something else. Go on with `levelup rebuild resume`, or end it with `levelup rebuild cancel`."
            }
            RebuildError::NoSpace(_) => "A space has the id of its account; leave --space out to rebuild all.",
            RebuildError::Gone(_) => "Its space was erased; there is nothing left to rebuild.",
            RebuildError::Newer(_) => "Run the newer levelup.",
            RebuildError::Paused { .. } => {
                "The tables are whole. Put right what it names, then go on with `levelup rebuild resume`; \
                 `levelup rebuild cancel` frees the room that it takes."
            }
            RebuildError::Broken { .. } => {
                "The tables are whole. Go on with `levelup rebuild resume`; a server that runs does so by itself."
            }
            RebuildError::Fault(fault) => return fault.clone().into(),
        };
        let exit = match &error {
            RebuildError::Paused { .. } | RebuildError::Broken { .. } | RebuildError::Newer(_) => Exit::Database,
            _ => Exit::Failed,
        };
        Self::new(exit, error.to_string(), next)
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
