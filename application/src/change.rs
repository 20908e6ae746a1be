//! A change of the feed: what one event tells every reader.

use std::sync::OnceLock;

use domain::chain::Hash;
use domain::entity::Kind;
use domain::id::{DeviceId, EntityId, TransactionId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a change does to a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The entity is there, with these fields and no others.
    Create,
    /// These fields are new.
    Update,
    /// The entity left a tombstone.
    Delete,
}

/// What one event tells every reader.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Change {
    /// Position in the space's log.
    pub position: i64,
    /// The transaction.
    pub transaction_id: TransactionId,
    /// The device that wrote.
    pub device_id: DeviceId,
    /// When the server recorded it, Unix ms.
    pub at: i64,
    /// What it does to a replica.
    pub op: Op,
    /// Kind of entity.
    pub entity: Kind,
    /// Which.
    pub id: EntityId,
    /// Its version now.
    pub version: i64,
    /// What changed, by field.
    pub fields: Map<String, Value>,
    /// The position of the event that this one follows from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<i64>,
    /// The chain's hash at this position, for cursors.
    #[serde(skip)]
    pub hash: Hash,
    /// The JSON text, made once for all readers.
    #[serde(skip)]
    pub text: OnceLock<String>,
}

impl Change {
    /// The JSON text, made once for all readers.
    pub fn json(&self) -> &str {
        self.text.get_or_init(|| serde_json::to_string(self).unwrap_or_default())
    }
}

impl Op {
    /// What an event of this type does to a replica.
    pub fn of(event_type: &str) -> Self {
        match event_type.rsplit('.').next() {
            Some("created" | "restored" | "opened") => Self::Create,
            Some("deleted" | "closed") => Self::Delete,
            _ => Self::Update,
        }
    }
}
