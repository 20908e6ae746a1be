//! What an audit can find.

use std::fmt;

use domain::id::{SpaceId, TransactionId};

use crate::rebuild::Difference;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Flaw {
    /// Positions are not dense.
    #[error("positions {first} to {last} are missing")]
    Gap {
        /// The first that is missing.
        first: i64,
        /// The last that is missing.
        last: i64,
    },
    /// The payload was changed after it was hashed.
    #[error("position {0}: the payload is not what was hashed")]
    Payload(i64),
    /// A column was changed, or an event exchanged.
    #[error("position {0}: the hash does not follow from the event and the hash before it")]
    Chain(i64),
    /// An entity's events are not counted 1, 2, 3.
    #[error("position {position}: sequence {found} of its entity, where {expected} was next")]
    Sequence {
        /// Where.
        position: i64,
        /// What came next.
        expected: i64,
        /// What is stored.
        found: i64,
    },
    /// The clock of a space never goes back.
    #[error("position {0}: recorded earlier than the event before it")]
    Clock(i64),
    /// The event cannot be read, or its columns contradict its payload.
    #[error("position {position}: {reason}")]
    Unreadable {
        /// Where.
        position: i64,
        /// Why.
        reason: String,
    },
    /// The head is not that of the last event.
    #[error("the head's {column} is not that of the last event: {found}, expected {expected}")]
    Head {
        /// Which column.
        column: &'static str,
        /// What is stored.
        found: String,
        /// What it ought to be.
        expected: String,
    },
    /// There is no head.
    #[error("the space has no head")]
    Headless,
    /// Rows of a space that has no head.
    #[error("{table} holds rows of a space that has no head")]
    Orphans {
        /// The table.
        table: &'static str,
    },
    /// No committed receipt of the event's transaction spans it.
    #[error("position {0}: no committed receipt of its transaction spans it")]
    Unreceipted(i64),
    /// A receipt is not about exactly the events of its transaction, or contradicts itself.
    #[error("the receipt of transaction {transaction}: {reason}")]
    Receipt {
        /// The transaction.
        transaction: TransactionId,
        /// What is wrong.
        reason: String,
    },
    /// A row is not what the log says.
    #[error("{0}")]
    Row(Difference),
}

/// A flaw and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The space.
    pub space: SpaceId,
    /// What is wrong.
    pub flaw: Flaw,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "space {}: {}", self.space, self.flaw)
    }
}

impl Flaw {
    /// Whether the log itself is damaged, so that nothing may be rebuilt from it.
    pub fn is_of_the_log(&self) -> bool {
        !matches!(self, Self::Row(_) | Self::Receipt { .. } | Self::Unreceipted(_) | Self::Orphans { .. })
    }

    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Gap { .. } => "position_gap",
            Self::Payload(_) => "payload_hash",
            Self::Chain(_) => "chain_hash",
            Self::Sequence { .. } => "sequence",
            Self::Clock(_) => "clock",
            Self::Unreadable { .. } => "event_unreadable",
            Self::Head { .. } => "head",
            Self::Headless => "head_missing",
            Self::Orphans { .. } => "orphans",
            Self::Unreceipted(_) => "receipt_missing",
            Self::Receipt { .. } => "receipt",
            Self::Row(_) => "row",
        }
    }
}
