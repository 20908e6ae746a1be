//! `levelup admin erasures`: lists of erasures that other nodes kept, for a database that was restored.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use infrastructure::config::Settings;
use infrastructure::erasure::{Eraser, ErasureFile};

use super::super::{Exit, serve, signals};
use super::erase::broken_off;
use super::{CliError, Desk};

/// What `levelup admin erasures` is told.
#[derive(Args, Debug)]
pub struct ErasuresArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ErasuresCommand,
}

/// What there is to do.
#[derive(Debug, Subcommand)]
pub enum ErasuresCommand {
    /// Erase again every account of a list that is in the database
    Apply(ApplyArgs),
}

/// What `levelup admin erasures apply` is told.
#[derive(Args, Debug)]
pub struct ApplyArgs {
    /// A list: erasures.ndjson of another data directory
    #[arg(long, value_name = "PATH")]
    pub file: PathBuf,
    /// Where and with what; the list of this data directory takes the lines over.
    #[command(flatten)]
    pub settings: Settings,
}

/// Takes the lines over and erases what is there.
pub async fn run(args: ErasuresArgs) -> Result<(), CliError> {
    let ErasuresCommand::Apply(args) = args.command;
    if !args.file.is_file() {
        let sentence = format!("There is no list at {}", args.file.display());
        return Err(CliError::new(Exit::Usage, sentence, "Name the erasures.ndjson of another data directory."));
    }
    serve::make_data_dir(&args.settings.data_dir)?;
    Desk::with(&args.settings, async |desk| {
        let stop = signals::stop_token()?;
        let own = ErasureFile::within(&args.settings.data_dir);
        let list = ErasureFile::at(&args.file).read().await?;
        let lines = list.listed.len();
        own.take_over(list.listed).await?;
        let eraser = Eraser::new(desk.pool.clone(), &args.settings.data_dir, desk.live_sessions.clone());
        let round = eraser.round(&stop).await.map_err(broken_off)?;
        println!("lines: {lines}, accounts that were there again: {}, erased: {}", round.returned, round.finished);
        match round.failed.into_iter().next() {
            Some((_, fault)) => Err(broken_off(fault)),
            None if list.unreadable > 0 => Err(unreadable(&args.file, list.unreadable)),
            None => Ok(()),
        }
    })
    .await
}

/// Whoever names the wrong file, or one that is damaged, must not take everybody on it for erased.
fn unreadable(file: &Path, lines: usize) -> CliError {
    let sentence = format!("{lines} of the lines in {} are not those of a list of erasures", file.display());
    let next = "What could be read was done. Find a whole copy of the list, and run the command again with it.";
    CliError::new(Exit::Usage, sentence, next)
}
