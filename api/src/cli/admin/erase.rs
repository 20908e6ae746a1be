//! `levelup admin erase`: an account goes with everything of it.

use application::erase::Erased;
use application::identity::limits::DELETION_GRACE_DAYS;
use application::identity::{AccountLife, Actor, Failure, Place, Refusal};
use clap::Args;
use domain::id::AccountId;
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;
use infrastructure::erasure::Eraser;

use super::super::{Exit, serve, signals};
use super::desk::Named;
use super::{CliError, Desk, show};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What `levelup admin erase` is told.
#[derive(Args, Debug)]
pub struct EraseArgs {
    /// Which account.
    #[command(flatten)]
    pub account: Named,
    /// At once and for good, instead of after the days of grace
    #[arg(long)]
    pub now: bool,
    /// Days until then, during which the account may call it off
    #[arg(long, value_name = "DAYS", default_value_t = DELETION_GRACE_DAYS, conflicts_with = "now",
          value_parser = clap::value_parser!(i64).range(0..=365))]
    pub grace_days: i64,
    /// Where and with what; the list of erasures is in the data directory.
    #[command(flatten)]
    pub settings: Settings,
}

/// Erases it, or sets the date.
pub async fn run(args: EraseArgs) -> Result<(), CliError> {
    if args.now {
        serve::make_data_dir(&args.settings.data_dir)?;
    }
    Desk::with(&args.settings, async |desk| {
        let account = desk.find(&args.account).await?;
        if args.now { now(desk, &args.settings, account).await } else { schedule(desk, account, args.grace_days).await }
    })
    .await
}

async fn schedule(desk: &Desk, account: AccountId, grace_days: i64) -> Result<(), CliError> {
    let (at, place) = (now_ms(), Place::default());
    let erase_after = at + grace_days * DAY_MS;
    let scheduled = desk.directory.schedule_deletion(account, at, erase_after, Actor::Operator, &place).await?;
    let scheduled = scheduled.ok_or_else(|| CliError::from(Failure::from(Refusal::AccountUnknown)))?;
    println!("account {} is erased after {}", account.0, show::moment(scheduled.erase_after));
    Ok(())
}

/// Erases one account, as a server would, and waits for its end.
async fn now(desk: &Desk, settings: &Settings, account: AccountId) -> Result<(), CliError> {
    let stop = signals::stop_token()?;
    let eraser = Eraser::new(desk.pool.clone(), &settings.data_dir, desk.live_sessions.clone());
    match eraser.now(account, &stop).await.map_err(broken_off)? {
        None => Err(Failure::from(Refusal::AccountUnknown).into()),
        Some(Erased::Finished) => {
            println!("account {} is erased", account.0);
            Ok(())
        }
        Some(Erased::Elsewhere | Erased::Stopped) => Err(CliError::new(
            Exit::Interrupted,
            "Stopped on the way; the account cannot be used any more",
            "A running server goes on with it within a minute; so does the same command with --id.",
        )),
    }
}

/// What has begun is gone on with.
pub(super) fn broken_off(fault: application::fault::Fault) -> CliError {
    let next = "What has begun is gone on with by a running server within a minute, or by the same command with --id.";
    CliError::new(Exit::Failed, fault.to_string(), next)
}
