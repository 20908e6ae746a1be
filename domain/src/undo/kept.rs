//! What a revert leaves as it is, and why.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::entity::EntityRef;
use crate::id::{DeviceId, TransactionId};

/// Something that a revert leaves as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Of which entity.
    #[serde(flatten)]
    pub entity: EntityRef,
    /// Which field or register.
    pub field: String,
    /// The local day, of a habit's completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The member, of a set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Why.
    pub reason: Reason,
    /// What stands there now.
    pub now: Value,
    /// Who wrote that, if it was not the transaction itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Writer>,
}

/// Why something is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Another transaction has written it since.
    ChangedSince,
    /// The entity is deleted.
    Deleted,
    /// A habit has become another task, or the other way round.
    CategoryChanged,
    /// The day whose energy it was is over.
    DayOver,
    /// Nothing says what stood there before.
    Unknown,
}

/// Who wrote something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// From which device.
    pub device_id: DeviceId,
    /// In which transaction.
    pub transaction_id: TransactionId,
    /// Position in the space's log.
    pub position: i64,
    /// When the server recorded it, Unix ms.
    pub recorded_at: i64,
}
