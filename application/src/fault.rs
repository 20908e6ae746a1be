//! Faults: something outside failed. They are no rejections; nobody's command was wrong.

use domain::id::SpaceId;

/// Something outside failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The store cannot be reached, or did not answer in time. Nothing was written.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// The store is there, and others are in the way: too many wait for it already, or it let another go first. Nothing
    /// was written.
    #[error("{0}")]
    Crowded(String),
    /// The connection was lost after the write was sent: it may have happened.
    #[error("the answer of the store was lost: {0}")]
    Unknown(String),
    /// The rows of the space were built by an older program and are rebuilt first. Nothing was written.
    #[error("the rows of the space are being rebuilt")]
    Rebuilding,
    /// The store refused a statement, or answered what cannot be: a bug or damage.
    #[error("the store refused: {0}")]
    Refused(String),
    /// One space's log is damaged, or a newer program wrote it. Other spaces are none the worse.
    #[error("the log of space {space} cannot be read at position {position}: {reason}")]
    Damaged {
        /// Whose log.
        space: SpaceId,
        /// Where.
        position: i64,
        /// Why.
        reason: String,
    },
}
