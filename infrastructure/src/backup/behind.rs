//! What the next backup goes on from. Nothing is stacked on what is damaged: before that, the files of the whole chain are as long
//! as they were written, and where spaces stood is read to the last byte. `verify` reads the rest.

use std::fs;

use application::backup::{Known, Present, base, chain};
use metrics::counter;

use super::error::BackupError;
use super::folder::Folder;
use super::make::Wish;
use super::pack::compare;
use super::{FILES, SPACES};
use crate::metric_names::BACKUP_CHECKS_TOTAL;

/// What it goes on from; none: it is a full one.
pub(super) fn behind<'a>(folder: &Folder, known: &'a [Known], present: Present, wish: &Wish) -> Option<&'a Known> {
    let newest = known.last().filter(|_| !wish.full)?;
    let looked = chain(known, newest).map_err(BackupError::from).and_then(|links| {
        are_as_written(folder, &links)?;
        Ok(links)
    });
    let outcome = if looked.is_ok() { "whole" } else { "damaged" };
    counter!(BACKUP_CHECKS_TOTAL, "check" => "chain", "outcome" => outcome).increment(1);
    match looked {
        Ok(links) if links.iter().any(|link| Some(link.name()) == wish.shunned.as_deref()) => None,
        Ok(_) => base(known, present, wish.chain_max),
        Err(error) => {
            tracing::error!(error = %error, "the newest backups are damaged, so that the next one is a full one");
            None
        }
    }
}

/// Fails unless each file of a chain is as long as it was written, and what the next one reads is what was written.
fn are_as_written(folder: &Folder, links: &[&Known]) -> Result<(), BackupError> {
    for known in links {
        for name in FILES {
            let (path, written) = (folder.file(known.name(), name), known.manifest.seal(name));
            let written = written.ok_or_else(|| BackupError::damaged(&path, "the manifest does not know it"))?;
            let there = fs::metadata(&path).map_err(|reason| BackupError::io(&path, reason))?.len();
            if there != written.bytes {
                let what = format!("{there} bytes are there, {} were written", written.bytes);
                return Err(BackupError::damaged(&path, what));
            }
        }
    }
    let newest = links.last().and_then(|known| Some((known, known.manifest.seal(SPACES)?)));
    newest.map_or(Ok(()), |(known, written)| compare(&folder.file(known.name(), SPACES), written, &mut |_| {}))
}
