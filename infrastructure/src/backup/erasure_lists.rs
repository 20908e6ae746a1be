//! Who must not come back by a restore: everybody on the list beside the database, on that of any backup in the folder, and on
//! those of other machines. A list that is damaged or lost is told, not taken for an empty one.

use std::io::ErrorKind;
use std::path::Path;

use application::backup::Known;
use application::erase::Listed;

use super::ERASED;
use super::error::BackupError;
use super::folder::Folder;
use super::pack::compare;
use crate::erasure::ErasureFile;

/// The lists of a restore.
#[derive(Clone, Debug)]
pub struct Lists {
    /// The one beside the database; none was kept on a new machine.
    pub beside: ErasureFile,
    /// Those of other machines.
    pub others: Vec<ErasureFile>,
    /// Go on with what can be read of lists that are damaged or lost.
    pub incomplete: bool,
}

impl Lists {
    /// Everybody, each once. `unreadable`: backups whose manifests cannot be read; their lists may be whole.
    pub(super) async fn read(
        &self,
        folder: &Folder,
        known: &[Known],
        unreadable: &[String],
    ) -> Result<Vec<Listed>, BackupError> {
        let mut listed = self.one(&self.beside, is_there_or_new(self.beside.path())).await?;
        for known in known {
            let path = folder.file(known.name(), ERASED);
            let written = known.manifest.seal(ERASED);
            let written = written.ok_or_else(|| BackupError::damaged(&path, "the manifest does not know it"));
            let looked = written.and_then(|written| compare(&path, written, &mut |_| {}));
            listed.extend(self.one(&ErasureFile::at(&path), looked).await?);
        }
        let unsealed = unreadable.iter().map(|name| ErasureFile::at(&folder.file(name, ERASED)));
        for list in unsealed.chain(self.others.iter().cloned()) {
            listed.extend(self.one(&list, is_there(list.path())).await?);
        }
        listed.sort_by_key(|line| line.account);
        listed.dedup_by_key(|line| line.account);
        Ok(listed)
    }

    /// One list, which was looked at.
    async fn one(&self, list: &ErasureFile, looked: Result<(), BackupError>) -> Result<Vec<Listed>, BackupError> {
        let read = list.read().await;
        let wrong = match (looked, &read) {
            (Err(BackupError::Damaged { what, .. }), _) => Some(what),
            (Err(BackupError::Io { reason, .. }), _) => Some(reason.to_string()),
            (Err(error), _) => Some(error.to_string()),
            (Ok(()), Err(fault)) => Some(fault.to_string()),
            (Ok(()), Ok(read)) if read.unreadable > 0 => {
                Some(format!("{} of its lines cannot be read", read.unreadable))
            }
            (Ok(()), Ok(_)) => None,
        };
        match wrong {
            Some(what) if self.incomplete => {
                tracing::warn!(list.path = %list.path().display(), what, "a list of erasures is not whole");
            }
            Some(what) => return Err(BackupError::List { path: list.path().to_owned(), what }),
            None => {}
        }
        Ok(read.unwrap_or_default().listed)
    }
}

fn is_there(path: &Path) -> Result<(), BackupError> {
    std::fs::metadata(path).map(drop).map_err(|reason| BackupError::io(path, reason))
}

/// A data directory that nothing was erased in has no list.
fn is_there_or_new(path: &Path) -> Result<(), BackupError> {
    match std::fs::metadata(path) {
        Err(reason) if reason.kind() != ErrorKind::NotFound => Err(BackupError::io(path, reason)),
        _ => Ok(()),
    }
}
