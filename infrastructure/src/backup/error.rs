//! Why a backup is not made, or not restored.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use application::backup::{BadManifest, Broken};
use application::fault::Fault;
use thiserror::Error;

use crate::postgres::log_copy::import::ImportError;

/// Why a backup is not made, or not restored.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The backup is not there, or not all that it goes on from.
    #[error(transparent)]
    Chain(#[from] Broken),
    /// A manifest cannot be read.
    #[error("{path}: {bad}")]
    Manifest {
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        bad: BadManifest,
    },
    /// A file is not what was written.
    #[error("{path}: {what}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// There is no room.
    #[error("there is no room for {path}: {reason}")]
    NoRoom {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The system refused.
    #[error("{path}: {reason}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// Another process writes there.
    #[error("another backup is being written to {0}")]
    Busy(PathBuf),
    /// A newer program made it.
    #[error("the backup comes from a database with schema {theirs}; this program knows schemas up to {ours}")]
    Schema {
        /// Its own.
        theirs: i64,
        /// The newest that is known here.
        ours: i64,
    },
    /// Something is in the database.
    #[error("the database is not empty")]
    NotEmpty,
    /// Another restore has begun and not ended.
    #[error("the database is half restored from {0}, which is another backup")]
    OtherRestore(String),
    /// It has not ended: what is there is no state that ever was.
    #[error("the database is half restored from {0}, and not backed up before that has ended")]
    HalfRestored(String),
    /// What lies in the folder comes from another database.
    #[error("the newest backup there, {0}, is of another database")]
    Stranger(String),
    /// A list of who was erased cannot be read in full.
    #[error("{path}: {what}; whoever stands on this list of erasures alone would come back")]
    List {
        /// The list.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A value was taken out while the log was read: it may be in what was read before.
    #[error("a value was redacted meanwhile, and may be in what was read before")]
    Redacted,
    /// The lines are not what they must be, or could not be taken over.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The database began another life of its logs meanwhile.
    #[error("another life of the logs began while the backup was made")]
    NewLife,
    /// It was told to stop.
    #[error("stopped before the end")]
    Interrupted,
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl BackupError {
    /// What the system said of a file.
    pub(super) fn io(path: &Path, reason: io::Error) -> Self {
        let path = path.to_owned();
        match reason.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::NoRoom { path, reason }
            }
            _ => Self::Io { path, reason },
        }
    }

    /// A file that is not what was written.
    pub(super) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), what: what.into() }
    }
}
