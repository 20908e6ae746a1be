//! Undoing: reverting a transaction, and bringing a space back to a restore point. Both are transactions like any other, made
//! here from the log and sent the way of all writes; the history is never rewritten.

mod point;
mod preview;
mod restore;
mod revert;
mod writes;

pub use point::{Point, Points, Put, RESTORE_POINTS_MAX, found_point, make_point};
pub use preview::{Difference, Preview, Step, preview};
pub use restore::{Asked, Restored, restore};
pub use revert::{Reverted, Wish, kept, revert};
pub use writes::{Answered, Writes};

use domain::entity::{EntityRef, Kind};
use domain::transaction::Problem;

use crate::fault::Fault;

/// Why nothing was undone.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// There is no such transaction or restore point.
    NotFound,
    /// The transaction was rejected: it did nothing.
    WasRejected,
    /// The transaction wrote nothing.
    WroteNothing,
    /// The transaction founded the space.
    Founding,
    /// The entities are written so often that nothing could be made that fits; later it may.
    Moving,
    /// The log ends before the position.
    Ahead {
        /// The last position.
        head: i64,
    },
    /// The log went another way since the restore point was made.
    Forked,
    /// As many restore points as may be, and none that may leave.
    PointsFull,
    /// The write path refused it.
    Rejected(Box<Problem>),
    /// The write path has not decided it.
    Deferred(Box<Problem>),
    /// The store failed.
    Fault(Fault),
}

/// Whether an entity is brought back by itself; a conflict follows from another.
fn is_own(entity: &EntityRef) -> bool {
    entity.kind != Kind::Conflict
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
