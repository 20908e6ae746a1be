//! Why an import does not go on.

use application::fault::Fault;
use application::transfer::log::BadLine;
use domain::id::SpaceId;
use thiserror::Error;

/// Why an import does not go on.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file is not what it must be.
    #[error(transparent)]
    Line(#[from] BadLine),
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// The rows are of a schema that this program does not know.
    #[error("the export comes from a database with schema {theirs}; this program knows schemas up to {ours}")]
    Schema {
        /// That of the file.
        theirs: i64,
        /// The newest that is known here.
        ours: i64,
    },
    /// An import of another file was left unfinished.
    #[error("space {0} is half imported from another file")]
    OtherFile(SpaceId),
    /// Two take the same rows.
    #[error("another import writes space {0}")]
    Elsewhere(SpaceId),
    /// Something came between the check and the end.
    #[error("{what} {id} came into the database meanwhile")]
    Met {
        /// A space or an account.
        what: &'static str,
        /// Which.
        id: uuid::Uuid,
    },
    /// It is not the file that was checked.
    #[error("the file was changed while it was read")]
    FileChanged,
    /// It was told to stop.
    #[error("stopped before the end")]
    Interrupted,
    /// The database failed, or refused rows.
    #[error("before line {line}: {fault}")]
    Fault {
        /// The line that was read last.
        line: u64,
        /// What it said.
        fault: Fault,
    },
}

impl From<Fault> for ImportError {
    fn from(fault: Fault) -> Self {
        Self::Fault { line: 1, fault }
    }
}

impl ImportError {
    /// The same, of the line that was read last.
    pub(super) fn at(self, line: u64) -> Self {
        match self {
            Self::Fault { fault, .. } => Self::Fault { line, fault },
            other => other,
        }
    }
}
