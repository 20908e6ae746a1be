//! `levelup backup verify`: is a backup what it must be? No database is asked.

use std::path::PathBuf;

use application::backup::Wanted;
use clap::Args;
use infrastructure::backup::{Folder, locate, verify};

use super::CliError;
use crate::cli::import::meter::Meter;
use crate::cli::signals;

/// What `levelup backup verify` is told.
#[derive(Args, Debug)]
pub(super) struct VerifyArgs {
    /// A backup, or a folder of backups for the newest in it
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
}

/// Verifies, and says what the backup would bring back.
pub(super) fn run(args: VerifyArgs) -> Result<(), CliError> {
    let (dir, name) = locate(&args.path);
    let (folder, wanted) = (Folder::open(&dir)?, name.map_or(Wanted::Newest, Wanted::Named));
    let stop = signals::stop_token()?;
    let mut meter = Meter::new("verified");
    let verified = verify(&folder, &wanted, &stop, &mut |progress| meter.show(&progress));
    let took = meter.finish();
    let verified = verified?;
    let (name, chain, counts, rows) = (verified.name, verified.chain, verified.counts, verified.rows);
    let (spaces, events, accounts) = (counts.spaces, counts.events, counts.accounts);
    println!(
        "{name} is whole, with the {chain} of its chain: spaces: {spaces}, events: {events}, accounts: {accounts}, other rows: {rows}; {took}"
    );
    Ok(())
}
