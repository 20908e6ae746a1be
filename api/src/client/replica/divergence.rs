//! Every way in which a feed can contradict itself or the replica.

use uuid::Uuid;

/// What does not fit. Each is a bug of the server or of the client, never a normal state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Divergence {
    /// A position was skipped, repeated or out of order.
    #[error("The feed went to position {found} where {expected} was next")]
    Position {
        /// One more than the last.
        expected: i64,
        /// What came.
        found: i64,
    },
    /// A page ended inside a transaction without saying so.
    #[error("Transaction {transaction_id} was split between two pages")]
    SplitTransaction {
        /// The transaction.
        transaction_id: Uuid,
    },
    /// An entity's own counter was skipped or repeated.
    #[error("The {entity} {id} went to version {found} where {expected} was next")]
    Version {
        /// Its kind.
        entity: String,
        /// The entity.
        id: Uuid,
        /// One more than the last.
        expected: i64,
        /// What came.
        found: i64,
    },
    /// A live entity was created.
    #[error("The {entity} {id} was created although it is alive")]
    CreatedTwice {
        /// Its kind.
        entity: String,
        /// The entity.
        id: Uuid,
    },
    /// An entity was changed that was never created.
    #[error("The {entity} {id} was changed but never created")]
    Unknown {
        /// Its kind.
        entity: String,
        /// The entity.
        id: Uuid,
    },
    /// `deleted_at` says the opposite of the change.
    #[error("deleted_at of the {entity} {id} contradicts its change")]
    Tombstone {
        /// Its kind.
        entity: String,
        /// The entity.
        id: Uuid,
    },
    /// Head, pending and position do not add up.
    #[error("At position {position} of {head} the feed says that {pending} changes remain")]
    Standing {
        /// Where the reader is.
        position: i64,
        /// The log's end.
        head: i64,
        /// What the page said.
        pending: i64,
    },
    /// The last page of a snapshot did not say where it stands.
    #[error("The last page of the snapshot has no head")]
    SnapshotWithoutHead,
    /// The values differ although every step fitted.
    #[error("At position {position} the replica's checksum is {here}, the server's {there}")]
    Checksum {
        /// Where.
        position: i64,
        /// The replica's.
        here: String,
        /// The server's.
        there: String,
    },
}
