//! `levelup repair`: makes the rows that a verify found wrong what the log says, a chunk at a time under the lock of the
//! space's head, beside a server that runs. What the log does not explain is left and told.

use application::identity::{Act, Actor, Entry, Place, SecurityLog};
use clap::Args;
use deadpool_postgres::tokio_postgres::Config;
use domain::id::{AccountId, SpaceId};
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;
use infrastructure::postgres::directory::PostgresDirectory;
use infrastructure::postgres::pool;
use infrastructure::postgres::verify::{RepairNews, Repaired, repair};
use serde_json::json;
use uuid::Uuid;

use super::database;
use super::rebuild::must_be_migrated;
use super::{CliError, Exit, signals};

/// What `levelup repair` is told.
#[derive(Args, Debug)]
pub struct RepairArgs {
    /// One space instead of every one in which a verify has found something
    #[arg(long, value_name = "UUID")]
    pub space: Option<Uuid>,
    /// Only say what would be changed; ends with 5 when anything would
    #[arg(long)]
    pub dry_run: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Repairs and prints what was changed and what was left; an error when anything was left.
pub async fn run(args: RepairArgs) -> Result<(), CliError> {
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let (stop, space) = (signals::stop_token()?, args.space.map(SpaceId));
        let mut tell = |news: RepairNews<'_>| match news {
            RepairNews::Mended(difference) => println!("space {}: {difference}", difference.space),
            RepairNews::Damage(finding) => println!("left: {} {finding}", finding.flaw.code()),
            RepairNews::Left(kept) => println!("left: {} space {}: {}", kept.code, kept.space, kept.sentence),
            RepairNews::Erased(space) => println!("space {space} is being erased; there is nothing to repair"),
        };
        let repaired = repair(database.config(), space, args.dry_run, &stop, &mut tell).await?;
        if !args.dry_run && repaired.rows > 0 {
            log(database.config(), space, &repaired).await?;
        }
        let done = if args.dry_run { "differ" } else { "repaired" };
        println!("spaces: {}, rows {done}: {}, left: {}", repaired.spaces, repaired.rows, repaired.left);
        verdict(&repaired, args.dry_run)
    })
    .await
}

/// What was done by hand stands where the account, or an admin, can read it.
async fn log(config: &Config, space: Option<SpaceId>, repaired: &Repaired) -> Result<(), CliError> {
    let pool = pool::connect(config.clone(), 1)?;
    let directory = PostgresDirectory::new(pool.clone());
    let recorded = directory.record(Entry {
        account: space.map(|space| AccountId(space.0)),
        at: now_ms(),
        act: Act::Repaired,
        actor: Actor::Operator,
        session: None,
        device: None,
        place: Place::default(),
        about: json!({ "rows": repaired.rows, "left": repaired.left }),
    });
    let recorded = recorded.await;
    pool.close();
    Ok(recorded?)
}

fn verdict(repaired: &Repaired, dry_run: bool) -> Result<(), CliError> {
    let error = |exit, sentence: &str, next: &str| Err(CliError::new(exit, sentence, next));
    if repaired.interrupted {
        return error(
            Exit::Interrupted,
            "Stopped before the end",
            "What was repaired is whole; run it again to go on.",
        );
    }
    if repaired.left > 0 {
        let next =
            "Nothing was changed where the log does not say what it ought to be; restore such a space from a backup.";
        return error(Exit::Difference, "Not everything could be explained", next);
    }
    if dry_run && repaired.rows > 0 {
        return error(Exit::Difference, "The tables are not what the log says", "Run it without --dry-run.");
    }
    Ok(())
}
