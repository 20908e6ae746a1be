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
    /// What readers are sent, made once for all of them.
    #[serde(skip)]
    pub encoded: Encoded,
}

/// A change in each encoding, once a reader has asked for it.
#[derive(Clone, Debug, Default)]
pub struct Encoded {
    json: OnceLock<String>,
    cbor: OnceLock<Vec<u8>>,
}

impl Change {
    /// The JSON text, made once for all readers.
    pub fn json(&self) -> &str {
        self.encoded.json.get_or_init(|| serde_json::to_string(self).unwrap_or_default())
    }

    /// The same in CBOR, made once for all readers by `make`.
    pub fn cbor(&self, make: impl FnOnce(&Self) -> Vec<u8>) -> &[u8] {
        self.encoded.cbor.get_or_init(|| make(self))
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
