//! Is a backup what it must be? Without a database: every file of its chain is what was written, and read together they are
//! whole, sound logs with as many spaces, events and accounts as the manifest says.

use std::collections::BTreeMap;

use application::backup::{Broken, Known, Wanted, chain, choose};
use application::transfer::log::{Counts, Reader};
use tokio_util::sync::CancellationToken;

use super::chain_lines::ChainLines;
use super::error::BackupError;
use super::folder::Folder;
use super::pack::compare;
use super::table_rows::TableRows;
use super::{FILES, TABLES};
use crate::log_file::{LineSource, Read};
use crate::postgres::log_copy::import::{ImportError, Progress};
use crate::postgres::migrations;

/// Lines after which progress is told.
const TELL_LINES: u64 = 1_000;

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its name.
    pub name: String,
    /// Backups of its chain.
    pub chain: usize,
    /// What it brings back.
    pub counts: Counts,
    /// Rows of tables that follow from no log.
    pub rows: u64,
}

/// Verifies a backup with all that it goes on from.
///
/// # Errors
/// It is not what it must be, or it was told to stop.
pub fn verify(
    folder: &Folder,
    wanted: &Wanted,
    stop: &CancellationToken,
    tell: &mut impl FnMut(Progress),
) -> Result<Verified, BackupError> {
    let known = folder.found()?;
    let links = links(&known.known, known.unreadable, wanted)?;
    seals(folder, &links, &FILES, stop, tell)?;
    let counts = lines(ChainLines::open(folder, &links)?, stop, tell)?;
    let Some(last) = links.last() else { return Err(Broken::None.into()) };
    agree(folder, last, &counts)?;
    let (mut rows, mut table_rows) = (0, TableRows::open(&folder.file(last.name(), TABLES))?);
    while table_rows.next()?.is_some() {
        rows += 1;
    }
    Ok(Verified { name: last.name().to_owned(), chain: links.len(), counts, rows })
}

/// The chain that is meant. Of what cannot be read, that is told which may be what is missing.
pub(super) fn links<'a>(
    known: &'a [Known],
    unreadable: Vec<(String, BackupError)>,
    wanted: &Wanted,
) -> Result<Vec<&'a Known>, BackupError> {
    let found = choose(known, wanted).and_then(|last| chain(known, last));
    let in_the_way = |name: &String| match &found {
        Err(Broken::None) => true,
        Err(Broken::Unknown(missing) | Broken::Parentless { parent: missing, .. }) => name == missing,
        Err(_) => false,
        Ok(links) => *wanted == Wanted::Newest && links.last().is_some_and(|last| name.as_str() > last.name()),
    };
    if let Some((_, error)) = unreadable.into_iter().find(|(name, _)| in_the_way(name)) {
        return Err(error);
    }
    let links = found?;
    let (theirs, ours) = (links.iter().map(|known| known.manifest.schema).max(), migrations::newest_version());
    match theirs.filter(|theirs| *theirs > ours) {
        Some(theirs) => Err(BackupError::Schema { theirs, ours }),
        None => Ok(links),
    }
}

/// Fails unless each of these files is what was written.
pub(super) fn seals(
    folder: &Folder,
    links: &[&Known],
    files: &[&str],
    stop: &CancellationToken,
    tell: &mut impl FnMut(Progress),
) -> Result<(), BackupError> {
    let sealed = links.iter().flat_map(|known| files.iter().filter_map(|name| known.manifest.seal(name)));
    let bytes_total = sealed.map(|written| written.bytes).sum();
    let mut progress = Progress { bytes_total, ..Progress::default() };
    for known in links {
        for name in files {
            let path = folder.file(known.name(), name);
            let Some(written) = known.manifest.seal(name) else {
                return Err(BackupError::damaged(&path, "the manifest does not know it"));
            };
            if stop.is_cancelled() {
                return Err(BackupError::Interrupted);
            }
            compare(&path, written, &mut |bytes| {
                progress.bytes += bytes;
                tell(progress);
            })?;
        }
    }
    Ok(())
}

fn lines(
    mut lines: ChainLines,
    stop: &CancellationToken,
    tell: &mut impl FnMut(Progress),
) -> Result<Counts, BackupError> {
    let mut reader = Reader::default();
    loop {
        if stop.is_cancelled() {
            return Err(BackupError::Interrupted);
        }
        match lines.read().map_err(ImportError::Io)? {
            Read::Line(line) => reader.read(line).map(drop).map_err(ImportError::Line)?,
            Read::Bad(bad) => return Err(ImportError::Line(reader.next_is(bad)).into()),
            Read::Over => break,
        }
        if reader.lines().is_multiple_of(TELL_LINES) {
            let (bytes, bytes_total, counts) = (lines.bytes(), lines.bytes_total(), reader.tally().so_far());
            tell(Progress { bytes, bytes_total, counts, lines: reader.lines() });
        }
    }
    reader.over().map_err(ImportError::Line)?;
    Ok(reader.tally().counts())
}

/// Fails unless the lines hold what the manifest says.
pub(super) fn agree(folder: &Folder, known: &Known, counts: &Counts) -> Result<(), BackupError> {
    let manifest = &known.manifest;
    let pairs = BTreeMap::from([
        ("spaces", (manifest.spaces, counts.spaces)),
        ("events", (manifest.positions, counts.events)),
        ("accounts", (manifest.accounts, counts.accounts)),
    ]);
    match pairs.iter().find(|(_, (said, found))| said != found) {
        Some((what, (said, found))) => {
            let path = folder.path().join(known.name());
            Err(BackupError::damaged(&path, format!("{said} {what} should be in it, and {found} are")))
        }
        None => Ok(()),
    }
}
