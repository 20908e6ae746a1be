//! What was: the log as it is looked back at. States at a position, who wrote what, and the answers that were given. Nothing
//! here writes; long ways are read in short steps, by keyset.

pub mod as_of;
mod changed;
pub mod history;
mod lives;

use std::future::Future;

use domain::entity::upcast::present;
use domain::entity::{EntityRef, Event};
use domain::id::{DeviceId, SessionId, SpaceId, TransactionId};
use domain::transaction::Positions;
use serde_json::{Map, Value};

use crate::fault::Fault;
use crate::ledger::Head;

pub use changed::{Changed, changed};
pub use lives::{Logged, lives, logged};

/// Entities of a kind that may have changed since a moment of which a list is read.
pub const AS_OF_CHANGED_MAX: usize = 10_000;

/// An event as it is looked back at.
#[derive(Clone, Debug)]
pub struct PastEvent {
    /// Position in the space's log.
    pub position: i64,
    /// The transaction.
    pub transaction: TransactionId,
    /// The device that wrote.
    pub device: DeviceId,
    /// The entity that it happened to.
    pub entity: EntityRef,
    /// The entity's version after it.
    pub version: i64,
    /// Type of event.
    pub event_type: String,
    /// Version of its shape.
    pub event_version: String,
    /// What happened, as it is stored.
    pub payload: Value,
    /// Whether something was taken out of it.
    pub redacted: bool,
    /// What readers of the feed were told.
    pub fields: Map<String, Value>,
    /// When it was recorded, Unix ms.
    pub recorded_at: i64,
    /// The position of the event that it followed from.
    pub cause: Option<i64>,
    /// The session in which it was written; none of what the server did by itself.
    pub session: Option<SessionId>,
}

impl PastEvent {
    /// What happened, in its present shape; none if so much was taken out of it that nothing tells.
    ///
    /// # Errors
    /// Nothing was taken out, and yet it cannot be read.
    pub fn event(&self, space: SpaceId) -> Result<Option<Event>, Fault> {
        match Event::read(self.entity.kind, &self.event_type, &self.event_version, self.payload.clone()) {
            Ok(event) => Ok(Some(event)),
            Err(_) if self.redacted => Ok(None),
            Err(unreadable) => Err(self.damaged(space, &unreadable)),
        }
    }

    /// The same with its payload in its present shape.
    ///
    /// # Errors
    /// Its type or version is not known here.
    pub fn upcast(mut self, space: SpaceId) -> Result<Self, Fault> {
        let payload = self.payload.take();
        match present(self.entity.kind, &self.event_type, &self.event_version, payload) {
            Ok(payload) => Ok(Self { payload, ..self }),
            Err(_) if self.redacted => Ok(self),
            Err(unreadable) => Err(self.damaged(space, &unreadable)),
        }
    }

    pub(crate) fn damaged(&self, space: SpaceId, reason: &impl ToString) -> Fault {
        Fault::Damaged { space, position: self.position, reason: reason.to_string() }
    }
}

/// A stretch of an entity's events.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// The entity.
    pub entity: EntityRef,
    /// After this version.
    pub after: i64,
}

/// The answer that a transaction got.
#[derive(Clone, Debug)]
pub struct PastReceipt {
    /// Which.
    pub transaction: TransactionId,
    /// From which device.
    pub device: DeviceId,
    /// The digest of its content.
    pub digest: Vec<u8>,
    /// Whether it was committed.
    pub committed: bool,
    /// Its events, if it made any.
    pub positions: Option<Positions>,
    /// The answer; receipts' bodies do not live for ever.
    pub body: Option<Value>,
    /// When it was decided, Unix ms.
    pub decided_at: i64,
}

/// A place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The chain's hash there.
    pub hash: domain::chain::Hash,
    /// When the event was recorded, Unix ms.
    pub recorded_at: i64,
}

/// The newest write of a field, and what stood there before a version.
#[derive(Clone, Debug)]
pub struct FieldStanding {
    /// Which.
    pub field: String,
    /// The version that wrote it last.
    pub newest: Option<i64>,
    /// Its value before; none if it had none.
    pub before: Option<Value>,
}

/// Which part of an entity's history is wanted.
#[derive(Clone, Debug)]
pub struct HistoryQuery {
    /// The entity.
    pub entity: EntityRef,
    /// Only events that wrote this field.
    pub field: Option<String>,
    /// Up to this position.
    pub upto: i64,
    /// Before this version.
    pub before: i64,
    /// Events at most.
    pub rows: i64,
}

/// The log, to those who look back.
pub trait Past: Send + Sync {
    /// The head of a space.
    fn head(&self, space: SpaceId) -> impl Future<Output = Result<Head, Fault>> + Send;

    /// The events of these stretches up to a position, at most `rows` of each, by entity and version.
    fn events(
        &self,
        space: SpaceId,
        stretches: &[Stretch],
        upto: i64,
        rows: i64,
    ) -> impl Future<Output = Result<Vec<PastEvent>, Fault>> + Send;

    /// The entities that these positions speak of by themselves (no follow-ups), the last first.
    fn spoken_of(&self, space: SpaceId, span: Positions) -> impl Future<Output = Result<Vec<EntityRef>, Fault>> + Send;

    /// The entities that any of these positions changed.
    fn changed(&self, space: SpaceId, span: Positions) -> impl Future<Output = Result<Vec<EntityRef>, Fault>> + Send;

    /// The event at a position.
    fn mark(&self, space: SpaceId, position: i64) -> impl Future<Output = Result<Option<Mark>, Fault>> + Send;

    /// The answers to these transactions, as far as there are any.
    fn receipts(
        &self,
        space: SpaceId,
        transactions: &[TransactionId],
    ) -> impl Future<Output = Result<Vec<PastReceipt>, Fault>> + Send;

    /// A page of an entity's events, the newest first.
    fn history(
        &self,
        space: SpaceId,
        query: &HistoryQuery,
    ) -> impl Future<Output = Result<Vec<PastEvent>, Fault>> + Send;

    /// How these fields of an entity stand up to a position, and stood before a version.
    fn standing(
        &self,
        space: SpaceId,
        query: &HistoryQuery,
        fields: &[String],
    ) -> impl Future<Output = Result<Vec<FieldStanding>, Fault>> + Send;
}
