//! The write path: receipt? → merge → handle → follow up → prepared append → one commit for the whole group.
//!
//! Deciding is pure: everything that it may know was loaded before, and what turns out to be missing is loaded and
//! the transaction decided again.

mod attempt;
mod base;
mod decide;
mod group;
mod record;
mod series;
mod shown;
#[cfg(test)]
mod tests;
mod working;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use domain::id::{AccountId, DeviceId, SessionId, SpaceId};
use domain::transaction::{Receipt, Sent};

use crate::change::Change;
use crate::identity::Network;
use crate::ledger::Head;

pub(crate) use decide::PLAN_STALE;
pub use group::{BatchOutcome, submit};
pub use series::{Group, Series};
pub(crate) use shown::PRIVATE;
pub use shown::{share, shown};

/// Who writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// The device.
    pub device: DeviceId,
    /// The session.
    pub session: SessionId,
    /// As what.
    pub role: WriterRole,
    /// From which network, if it came over one.
    pub network: Option<Network>,
}

/// As what somebody writes; the log keeps it with each event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WriterRole {
    /// The owner of the space. Kept by saying nothing: nearly every event is an owner's.
    #[default]
    Owner,
    /// The server by itself, as when it founds a space.
    System,
    /// The command line of the server's machine.
    Operator,
    /// An admin.
    Admin,
}

impl WriterRole {
    /// The name that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::System => "system",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }
}

/// A transaction with who sent it and when.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Who writes.
    pub actor: Actor,
    /// The transaction.
    pub sent: Sent,
    /// How far each moment moves, because the device's clock is off.
    pub shift_ms: i64,
    /// Set once a transaction of the same request is deferred: those after it are, too.
    pub deferred: Arc<AtomicBool>,
}

/// Transactions of one space, in order.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The space.
    pub space: SpaceId,
    /// They.
    pub submissions: Vec<Submission>,
}

/// What was committed of a space.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The space.
    pub space: SpaceId,
    /// The head before.
    pub before: Head,
    /// The head now.
    pub head: Head,
    /// The changes between them.
    pub changes: Vec<Arc<Change>>,
    /// One for each submission, in order.
    pub receipts: Vec<Receipt>,
    /// Which of the submissions had been decided before, in order: their receipts are of then.
    pub repeated: Vec<bool>,
}
