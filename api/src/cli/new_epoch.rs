//! `levelup new-epoch`: begins another life of every log, after the database was restored in a way that a server cannot notice by
//! itself, such as together with its data directory.

use std::io::{IsTerminal, Write, stdin, stdout};

use clap::Args;
use infrastructure::config::Settings;
use infrastructure::life::{Lives, Loss};
use infrastructure::postgres::pool;

use super::rebuild::must_be_migrated;
use super::{CliError, Exit, database, serve};

/// What it does, before it is done.
const MEANING: &str = "Every device starts again from a snapshot and sends again what the restored database may have lost; nothing is deleted.";

/// What `levelup new-epoch` is told.
#[derive(Args, Debug)]
pub struct NewEpochArgs {
    /// Do it without asking
    #[arg(long)]
    pub yes: bool,
    /// The restored database was written to already: devices send again everything that they still have
    #[arg(long)]
    pub served_already: bool,
    /// Where and with what; the mark of the life is in the data directory.
    #[command(flatten)]
    pub settings: Settings,
}

/// Asks, and begins another life. What an interruption leaves is finished by the next `levelup serve`.
pub async fn run(args: NewEpochArgs) -> Result<(), CliError> {
    if !args.yes {
        confirm()?;
    }
    serve::make_data_dir(&args.settings.data_dir)?;
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let lives = Lives::new(pool::connect(database.config().clone(), 1)?, &args.settings.data_dir);
        let loss = if args.served_already { Loss::Unknown } else { Loss::AfterHead };
        let (turned, epoch) = lives.renew(loss, |so_far| tracing::info!(spaces = so_far.spaces, "on the way")).await?;
        println!("{} spaces have begun epoch {epoch}", turned.spaces);
        Ok(())
    })
    .await
}

/// A person at a terminal is asked; anybody else has to say `--yes`.
fn confirm() -> Result<(), CliError> {
    let refused = |sentence| CliError::new(Exit::Usage, sentence, "Say `levelup new-epoch --yes` to do it.");
    if !stdin().is_terminal() {
        return Err(refused(format!("Nothing was done. {MEANING}")));
    }
    print!("{MEANING}\nType yes to go on: ");
    let mut answer = String::new();
    let asked = stdout().flush().and_then(|()| stdin().read_line(&mut answer));
    if asked.is_ok() && answer.trim() == "yes" {
        return Ok(());
    }
    Err(refused("Nothing was done".to_owned()))
}
