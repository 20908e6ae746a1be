//! Why an export is not read: every way in which a line can be wrong, with a sentence and a stable code.

use domain::id::SpaceId;

use super::{LINE_BYTES_MAX, VERSION};
use crate::verify::Flaw;

/// A line that is not what it must be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("line {line}: {bad}")]
pub struct BadLine {
    /// Which, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub bad: Bad,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Bad {
    /// It has no end within bounds.
    #[error("longer than {LINE_BYTES_MAX} bytes, which no line of an export is")]
    TooLong,
    /// It is no text.
    #[error("this is not UTF-8")]
    NotText,
    /// The compressed form cannot be read.
    #[error("the compressed data is damaged or cut off: {0}")]
    NotCompressed(String),
    /// The file is something else.
    #[error("this is no export of logs: it does not begin with a line `levelup_log`")]
    NotALog,
    /// A later program wrote it, or an earlier one.
    #[error("the export has version {0}, and this program reads version {VERSION}")]
    Version(u32),
    /// It cannot be read as the line that it is to be.
    #[error("{0}")]
    Unreadable(String),
    /// It stands where it may not.
    #[error("a line `{found}` cannot stand {place}")]
    Misplaced {
        /// What it is.
        found: &'static str,
        /// Where it stands.
        place: &'static str,
    },
    /// Rows are in the order of their ids, each once.
    #[error("{what} {id} comes twice or out of order")]
    Order {
        /// What it is.
        what: &'static str,
        /// Which.
        id: uuid::Uuid,
    },
    /// The event does not belong there.
    #[error("space {space}: {flaw}")]
    Flaw {
        /// The space.
        space: SpaceId,
        /// What is wrong.
        flaw: Flaw,
    },
    /// A receipt is not about its transaction's events, or contradicts itself.
    #[error("space {space}: {reason}")]
    Receipts {
        /// The space.
        space: SpaceId,
        /// What is wrong.
        reason: String,
    },
    /// Lines were changed, added or left out.
    #[error("the lines before it are not those that were exported: {what} should be {expected} and is {found}")]
    Changed {
        /// What does not agree.
        what: &'static str,
        /// What was exported.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The file ends too early.
    #[error("the file ends here, before its last line `end`: it was cut off")]
    Truncated,
}

impl Bad {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "line_too_long",
            Self::NotText | Self::NotCompressed(_) | Self::Unreadable(_) => "line_unreadable",
            Self::NotALog => "not_a_log",
            Self::Version(_) => "version_unknown",
            Self::Misplaced { .. } => "line_misplaced",
            Self::Order { .. } => "line_order",
            Self::Flaw { flaw, .. } => flaw.code(),
            Self::Receipts { .. } => "receipt",
            Self::Changed { .. } => "lines_changed",
            Self::Truncated => "truncated",
        }
    }
}
