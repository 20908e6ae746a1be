//! What a line can be.

use domain::id::SpaceId;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::tally::Counts;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the format.
    pub version: u32,
    /// The schema that the rows come from, as the number of its last migration.
    pub schema: i64,
    /// The life of the database that they come from.
    pub epoch: Uuid,
    /// The one space that it is about; none: all that there are.
    pub space: Option<SpaceId>,
    /// Whether accounts are in it: their addresses, hashes of passwords and devices.
    pub accounts: bool,
}

/// The line after the last one of a space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpaceEnd {
    /// Which space.
    pub space_id: SpaceId,
    /// Its devices.
    pub devices: u64,
    /// Its events.
    pub events: u64,
    /// Its receipts.
    pub receipts: u64,
    /// SHA-256 over its lines before this one, with their ends, in hexadecimal digits.
    pub sha256: String,
}

/// The last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// What the lines before it hold.
    pub counts: Counts,
    /// SHA-256 over all lines before this one, with their ends, in hexadecimal digits.
    pub sha256: String,
}

/// A kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The head of a space, which begins it.
    Space,
    /// What a space knows of a device.
    Device,
    /// An event.
    Event,
    /// A receipt.
    Receipt,
    /// An account and its devices.
    Account,
}

/// A line.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line<'a> {
    /// A header; looked at more closely once its version is known.
    #[serde(borrow)]
    LevelupLog(&'a RawValue),
    /// A space begins: its head.
    #[serde(borrow)]
    Space(&'a RawValue),
    /// What the space knows of a device.
    #[serde(borrow)]
    Device(&'a RawValue),
    /// An event.
    #[serde(borrow)]
    Event(&'a RawValue),
    /// A receipt.
    #[serde(borrow)]
    Receipt(&'a RawValue),
    /// A space ends, and is whole.
    SpaceEnd(SpaceEnd),
    /// The space was erased while it was exported: what was said of it does not count.
    SpaceGone(SpaceId),
    /// An account.
    #[serde(borrow)]
    Account(&'a RawValue),
    /// The last line.
    End(End),
}

impl Part {
    /// The name of its lines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Space => "space",
            Self::Device => "device",
            Self::Event => "event",
            Self::Receipt => "receipt",
            Self::Account => "account",
        }
    }
}
