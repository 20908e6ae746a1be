//! The messages of the protocol as this client reads and writes them. Unknown members are kept where they are data and
//! ignored where they are envelope: an older client survives a newer server.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// What a change does to its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// It is new, or back from its tombstone: all fields.
    Create,
    /// Some fields changed: those.
    Update,
    /// It became a tombstone.
    Delete,
}

/// One step of a space's log, as a replica needs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Its place in the log: 1, 2, 3 … without gaps.
    pub position: i64,
    /// The transaction that it is part of.
    pub transaction_id: Uuid,
    /// Who wrote; nobody for the space's founding.
    #[serde(default)]
    pub device_id: Option<Uuid>,
    /// When the server recorded it, Unix ms.
    pub at: i64,
    /// What it does.
    pub op: Op,
    /// The entity's kind.
    pub entity: String,
    /// The entity.
    pub id: Uuid,
    /// The entity's version after it.
    pub version: i64,
    /// Only what changed.
    #[serde(default)]
    pub fields: Map<String, Value>,
    /// The change that it follows from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Value>,
    /// What a newer server says beside.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A stretch of the log and where it leaves the reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangesPage {
    /// The stretch.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Where to go on from.
    pub cursor: String,
    /// The log's last position.
    pub head: i64,
    /// How many changes remain.
    pub pending: i64,
    /// Whether none remains.
    pub caught_up: bool,
    /// The space's checksum at the cursor, when caught up.
    #[serde(default)]
    pub checksum: Option<String>,
    /// Which part of a transaction too large for one page this is, from 1.
    #[serde(default)]
    pub part: Option<u32>,
    /// How many such parts there are.
    #[serde(default)]
    pub of: Option<u32>,
}

/// The reader has to start again from a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reset {
    /// Why: `epoch`, `ahead`, `forked`, `archived`, `cheaper`.
    #[serde(default)]
    pub reason: String,
    /// Acknowledged transactions with events after this position are to be sent again; none: nothing was lost.
    #[serde(default)]
    pub resend_after: Option<i64>,
    /// The cursor that takes the place of bases of the lost life.
    #[serde(default)]
    pub base: Option<String>,
    /// The log's last position.
    #[serde(default)]
    pub head: i64,
}

/// One current row of a snapshot, or a tombstone of its tail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SnapshotItem {
    /// The entity's kind.
    pub entity: String,
    /// The entity.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// All fields.
    pub fields: Map<String, Value>,
}

/// One page of a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SnapshotPage {
    /// The rows.
    pub items: Vec<SnapshotItem>,
    /// The token of the next page; none after the last.
    pub next: Option<String>,
    /// On the last page: where the feed goes on.
    #[serde(default)]
    pub cursor: Option<String>,
    /// The log's last position; on the last page, that of the cursor.
    #[serde(default)]
    pub head: Option<i64>,
    /// On the last page: the space's checksum at the cursor.
    #[serde(default)]
    pub checksum: Option<String>,
    /// On the last page: how many live entities of each kind there are.
    #[serde(default)]
    pub counts: Option<Map<String, Value>>,
}

/// One page of an entity list: flat rows with `id`, `version` and the fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListPage {
    /// The rows.
    pub items: Vec<Map<String, Value>>,
    /// The token of the next page; none after the last.
    #[serde(default)]
    pub next: Option<String>,
}

/// The answer to transactions: one receipt each, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipts {
    /// As the server wrote them, so that equality means equality.
    pub receipts: Vec<Value>,
    /// The log's last position.
    #[serde(default)]
    pub head: Option<i64>,
}
