//! The audit of a space's log: every stored event is read once, in order, checked against the one before and folded.
//! The log is sound when nothing was found; only then is it the truth that the tables are rebuilt from.

use std::ops::{Deref, DerefMut};

use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use domain::transaction::Positions;
use serde_json::Value;

use crate::rebuild::Fold;

mod about;
mod code;
mod event;
mod flaw;
mod log_audit;
mod reread;

pub use flaw::{Finding, Flaw};
pub use log_audit::{FLAWS_MAX, LogAudit};
pub use reread::{Reread, reread};

/// An event as it is stored, with the span of its transaction's receipt.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Position in the space's log.
    pub position: i64,
    /// The transaction.
    pub transaction: TransactionId,
    /// The device that wrote.
    pub device: DeviceId,
    /// Kind of entity, by name.
    pub aggregate_type: String,
    /// Which entity.
    pub aggregate_id: EntityId,
    /// The entity's own count of events.
    pub sequence: i64,
    /// Type of event.
    pub event_type: String,
    /// Version of its shape.
    pub event_version: String,
    /// What happened.
    pub payload: Value,
    /// Who and why.
    pub metadata: Value,
    /// When it was recorded, Unix ms.
    pub recorded_at: i64,
    /// The stored hash of the payload.
    pub payload_hash: Vec<u8>,
    /// The stored hash of the event.
    pub hash: Vec<u8>,
    /// Whether the payload was taken out: its hash stays and cannot be recomputed.
    pub redacted: bool,
    /// The span of its transaction's receipt, if that is committed.
    pub receipt: Option<Positions>,
}

/// One space's log while it is read and folded: its [`LogAudit`], and what its events make.
#[derive(Debug)]
pub struct Audit {
    log: LogAudit,
    /// What the events make.
    pub fold: Fold,
}

impl Audit {
    /// A log before its first event.
    pub fn new(space: SpaceId) -> Self {
        Self { log: LogAudit::new(space), fold: Fold::new(space) }
    }

    /// Reads the next event, and folds it if it can be.
    pub fn read(&mut self, logged: Logged) {
        if let Some((entity, event)) = self.log.read(logged) {
            self.fold.apply(entity, event);
        }
    }
}

impl Deref for Audit {
    type Target = LogAudit;

    fn deref(&self) -> &LogAudit {
        &self.log
    }
}

impl DerefMut for Audit {
    fn deref_mut(&mut self) -> &mut LogAudit {
        &mut self.log
    }
}
