//! Checksums of a replica. The canonical form and the hash are the domain's; this room adds only the wire's spelling.

use serde_json::{Map, Value};
use uuid::Uuid;

/// One live entity's share in the sum of its space.
#[must_use]
pub fn of_entity(kind: &str, id: Uuid, version: i64, fields: &Map<String, Value>) -> u64 {
    domain::checksum::entity_checksum(kind, id, version, fields)
}

/// A sum as the wire spells it: 16 hex digits.
#[must_use]
pub fn to_hex(sum: u64) -> String {
    format!("{sum:016x}")
}

/// The sum that the wire spells, if it is one.
#[must_use]
pub fn from_hex(text: &str) -> Option<u64> {
    (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok()).flatten()
}
