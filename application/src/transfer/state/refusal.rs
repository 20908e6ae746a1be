//! Why an import does not begin, or does not end.

use domain::transaction::Problem;
use thiserror::Error;

use super::limits::{IMPORT_BYTES_MAX, LINE_BYTES_MAX, LINES_MAX};
use crate::fault::Fault;

/// Something about one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRefusal {
    /// Which, counted from 1.
    pub line: u64,
    /// Where in it, as a JSON pointer.
    pub pointer: String,
    /// Stable code.
    pub code: String,
    /// A sentence.
    pub message: String,
}

/// Why what was sent is no import. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Broken {
    /// The first line is no header.
    #[error("the first line is not the header of a state export")]
    FormatUnknown,
    /// It is an export of the log.
    #[error("this is an export of the log; a history is not imported, only a state")]
    Log,
    /// A version that is not read.
    #[error("version {0} of the format is not read here; export again with a server of this version")]
    VersionUnsupported(u32),
    /// A line that is none of the format.
    #[error("line {line} cannot be read: {reason}")]
    LineInvalid {
        /// Which, counted from 1.
        line: u64,
        /// Why, without what it says.
        reason: String,
    },
    /// The last line is missing.
    #[error("the last line is missing: the export was cut off after {lines} lines")]
    Truncated {
        /// Lines that came.
        lines: u64,
    },
    /// The last line does not fit those before.
    #[error("the lines are not those that were exported: {0} differs from what the last line says")]
    Damaged(&'static str),
    /// A line is too long.
    #[error("line {line} is longer than {LINE_BYTES_MAX} bytes")]
    LineTooLong {
        /// Which, counted from 1.
        line: u64,
    },
    /// There are too many lines or entities.
    #[error("an import has at most {LINES_MAX} lines, {IMPORT_BYTES_MAX} bytes and as many entities as a space")]
    TooLarge,
}

/// Why an import ended early. What was written stays; the same import goes on where it ended.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Stopped {
    /// The store failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// What was checked cannot be read again.
    #[error("the lines could not be read again: {0}")]
    Unreadable(String),
    /// A transaction was refused.
    #[error("a transaction of the import was refused: {}", .0.detail)]
    Rejected(Box<Problem>),
    /// The same export was imported with other lines.
    #[error("other lines were imported under the same header")]
    Changed,
}
