//! The port to everything in which a value may be.

use std::collections::BTreeMap;
use std::future::Future;

use domain::entity::EntityRef;
use domain::id::{DeviceId, SpaceId};
use domain::redaction::Redaction;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::fault::Fault;
use crate::identity::Actor;
use crate::ledger::Head;

/// An entity as it stands, at one head of its space.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The head.
    pub head: Head,
    /// Its version.
    pub version: i64,
    /// Whether it is not deleted.
    pub is_live: bool,
    /// Its row.
    pub row: Map<String, Value>,
}

/// What the store is to take out.
#[derive(Clone, Debug)]
pub struct Order {
    /// Whose space.
    pub space: SpaceId,
    /// What.
    pub redaction: Redaction,
    /// The id of the redaction.
    pub id: Uuid,
    /// By whom.
    pub by: Actor,
    /// Why.
    pub reason: String,
    /// When, Unix ms.
    pub at: i64,
    /// Count, and change nothing.
    pub dry_run: bool,
}

/// Where a value was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Events whose payload said it.
    pub events: u64,
    /// Rows of every other table of the space, by its name.
    pub rows: BTreeMap<String, u64>,
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenOut {
    /// It is out; here it was.
    Done(Places),
    /// A row of something that is not deleted shows it again, or still: nothing was changed. So far it was found here.
    Shown(Places),
}

/// Everything in which a value may be.
pub trait Redactions: Send + Sync {
    /// An entity as it stands; none if it never existed, or its space is erased.
    fn standing(
        &self,
        space: SpaceId,
        entity: EntityRef,
    ) -> impl Future<Output = Result<Option<Standing>, Fault>> + Send;

    /// The payload of the event at a position, if it is of this entity.
    fn payload(
        &self,
        space: SpaceId,
        entity: EntityRef,
        position: i64,
    ) -> impl Future<Output = Result<Option<Value>, Fault>> + Send;

    /// Payloads of the newest events of an entity that a device wrote, the newest first.
    fn written_by(
        &self,
        space: SpaceId,
        entity: EntityRef,
        device: DeviceId,
    ) -> impl Future<Output = Result<Vec<Value>, Fault>> + Send;

    /// Takes the value out of everything, logs that, and lets every node know, in one commit under the space's head.
    fn take_out(&self, order: &Order) -> impl Future<Output = Result<TakenOut, Fault>> + Send;
}
