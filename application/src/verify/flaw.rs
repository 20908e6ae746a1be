//! What an audit can find.

use std::fmt;

use domain::entity::EntityRef;
use domain::id::{EntityId, SpaceId, TransactionId};

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
    /// A column was changed, or the hash itself.
    #[error("position {0}: the hash does not follow from the event and the hash before it")]
    Chain(i64),
    /// The event says that it was recorded at another position.
    #[error("position {position} holds the event of position {belongs}")]
    Misplaced {
        /// Where it is.
        position: i64,
        /// Where it says it was recorded.
        belongs: i64,
    },
    /// An entity's events are not counted 1, 2, 3.
    #[error("position {position}: sequence {found} of its entity {kind} {id}, where {expected} was next")]
    Sequence {
        /// Where.
        position: i64,
        /// The kind of entity.
        kind: &'static str,
        /// Which.
        id: EntityId,
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
        table: String,
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
    /// The second reader does not read of an entity what the log holds.
    #[error("the second reader and the log do not agree about {kind} {id}: {reason}", kind = .entity.kind.name(), id = .entity.id)]
    SecondReader {
        /// The entity.
        entity: EntityRef,
        /// How they differ.
        reason: String,
    },
    /// A row is not what the log says.
    #[error("{0}")]
    Row(Difference),
    /// The database refused a statement about the space: it could not be looked at to its end.
    #[error("the space could not be looked at: {0}")]
    Refused(String),
    /// More was found of this space than is listed.
    #[error("{0} more findings of this space are not listed")]
    More(u64),
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
