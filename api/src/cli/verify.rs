//! `levelup verify`: reads every log from its first event and says what is not as it must be: positions, hashes,
//! sequences, receipts, and the current tables against the fold. It changes nothing and runs beside a server.

use clap::Args;
use domain::id::SpaceId;
use infrastructure::config::Settings;
use infrastructure::postgres::pool;
use infrastructure::postgres::verify::{News, Verified, verify, verify_space};
use uuid::Uuid;

use super::database;
use super::rebuild::meter::Meter;
use super::rebuild::must_be_migrated;
use super::{CliError, Exit, signals};

/// What `levelup verify` is told.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// One space instead of all
    #[arg(long, value_name = "UUID")]
    pub space: Option<Uuid>,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Verifies and prints what was found; an error when anything was.
pub async fn run(args: VerifyArgs) -> Result<(), CliError> {
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let stop = signals::stop_token()?;
        let mut client = pool::connect_alone(database.config()).await?;
        if let Some(space) = args.space {
            let findings = verify_space(&mut client, SpaceId(space)).await?;
            findings.iter().for_each(|finding| println!("{} {finding}", finding.flaw.code()));
            return verdict(findings.len() as u64, false);
        }
        let mut meter = Meter::new();
        let mut tell = |news: News<'_>| match news {
            News::Progress(progress) => meter.show(&progress),
            News::Finding(finding) => meter.line(&format!("{} {finding}", finding.flaw.code())),
        };
        let ended = verify(&mut client, &stop, &mut tell).await;
        let took = meter.finish(&ended.as_ref().map(|verified| verified.progress).unwrap_or_default());
        let Verified { progress, rows, findings, interrupted } = ended?;
        println!(
            "spaces: {}, events: {}, rows: {rows}, findings: {findings}; {took}",
            progress.spaces, progress.events
        );
        verdict(findings, interrupted)
    })
    .await
}

fn verdict(findings: u64, interrupted: bool) -> Result<(), CliError> {
    if findings > 0 {
        let next = "Rows that differ are repaired by `levelup rebuild`; a damaged log has to come from a backup.";
        return Err(CliError::new(Exit::Difference, "Not everything is as it was committed", next));
    }
    if interrupted {
        return Err(CliError::new(Exit::Interrupted, "Stopped before the end", "Run it again to look at everything."));
    }
    println!("everything is as it was committed");
    Ok(())
}
