//! `levelup backup list`: what lies in a folder of backups.

use std::path::PathBuf;

use clap::Args;
use infrastructure::backup::Folder;

use super::CliError;
use crate::cli::Exit;

/// What `levelup backup list` is told.
#[derive(Args, Debug)]
pub(super) struct ListArgs {
    /// The folder of the backups
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}

/// Prints a line for each backup, the oldest first.
pub(super) fn run(args: &ListArgs) -> Result<(), CliError> {
    let found = Folder::open(&args.dir)?.found()?;
    for known in &found.known {
        let manifest = &known.manifest;
        let (name, bytes) = (known.name(), manifest.bytes());
        let (spaces, changed, events) = (manifest.spaces, manifest.changed, manifest.events);
        println!("{name}  spaces: {spaces}, changed: {changed}, events: {events}, bytes: {bytes}");
    }
    for (name, error) in &found.unreadable {
        println!("{name}  cannot be read: {error}");
    }
    match found.unreadable.is_empty() {
        true => Ok(()),
        false => Err(CliError::new(
            Exit::Usage,
            "Not every backup can be read",
            "Take a full backup: `levelup backup --full`.",
        )),
    }
}
