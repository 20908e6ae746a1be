//! `levelup simulate`: runs of the simulator, seed after seed, on the store in memory or on PostgreSQL. The first seed
//! that ends badly is made as small as it can be and told step by step.

mod meter;

use clap::Args;
use infrastructure::config::Settings;
use simulation::{Failure, Passed, Plan, Scratch, Tally, memory, run as run_plan, shrink};

use self::meter::Meter;
use super::{CliError, Exit, database, signals};

/// What `levelup simulate` is told.
#[derive(Args, Debug)]
pub struct SimulateArgs {
    /// How many seeds
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub seeds: u64,
    /// The first seed
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub from: u64,
    /// Devices of every run; otherwise two to four, by the seed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=20))]
    pub devices: Option<u8>,
    /// On PostgreSQL, in a database of its own that is dropped in the end; otherwise in memory
    #[arg(long)]
    pub postgres: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Runs the seeds; an error when one ends badly.
pub async fn run(args: SimulateArgs) -> Result<(), CliError> {
    if !args.postgres {
        return seeds(&args, None).await;
    }
    database::with(&args.settings, async |database| {
        let scratch = Scratch::make(database.config()).await.map_err(|error| refused(&error))?;
        let ended = seeds(&args, Some(&scratch)).await;
        scratch.end().await.map_err(|error| refused(&error))?;
        ended
    })
    .await
}

fn refused(error: &impl ToString) -> CliError {
    let next = "Use a role that may make and drop databases.";
    CliError::new(Exit::Database, format!("no database for the simulation: {}", error.to_string()), next)
}

async fn seeds(args: &SimulateArgs, scratch: Option<&Scratch>) -> Result<(), CliError> {
    let stop = signals::stop_token()?;
    let mut meter = Meter::new(args.seeds);
    let mut tally = Tally::default();
    for done in 0..args.seeds {
        if stop.is_cancelled() {
            println!("{done} seeds ended well; {}", meter.finish());
            return Err(CliError::new(Exit::Interrupted, "Stopped before the end", "Go on with --from."));
        }
        match one(args, args.from.saturating_add(done), scratch).await {
            Ok(passed) => tally.join(&passed.tally),
            Err(failure) => {
                meter.finish();
                return Err(told(&shrink(*failure).await, args));
            }
        }
        meter.show(done + 1);
    }
    let took = meter.finish();
    tally.all().for_each(|(what, count)| println!("{count:>10} {what}"));
    println!("{} seeds ended well; {took}", args.seeds);
    Ok(())
}

async fn one(args: &SimulateArgs, seed: u64, scratch: Option<&Scratch>) -> Result<Passed, Box<Failure>> {
    let mut plan = Plan::of(seed);
    plan.devices = args.devices.map_or(plan.devices, usize::from);
    match scratch {
        Some(scratch) => run_plan(&plan, scratch.store(), true).await,
        None => run_plan(&plan, memory(), false).await,
    }
}

fn told(failure: &Failure, args: &SimulateArgs) -> CliError {
    let plan = &failure.plan;
    failure.trace.iter().for_each(|line| println!("{line}"));
    println!("{} devices, {} acts, troubles {:?}", plan.devices, plan.acts, plan.troubles);
    let devices = args.devices.map(|devices| format!(" --devices {devices}")).unwrap_or_default();
    let postgres = if args.postgres { " --postgres" } else { "" };
    let next = format!("Run it again with `levelup simulate --from {} --seeds 1{devices}{postgres}`.", plan.seed);
    CliError::new(Exit::Difference, failure.to_string(), next)
}
