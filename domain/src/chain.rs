//! The hash chain of a space's log: every event's hash covers its payload's hash, its other columns and the hash before.
//! Tampering and forks show; a payload can be redacted while the chain still verifies.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash before the first event.
pub const GENESIS: Hash = [0; 32];

/// The columns of an event that its hash covers, beside the payload.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The space.
    pub space: Uuid,
    /// Position in its log.
    pub position: i64,
    /// The transaction.
    pub transaction: Uuid,
    /// The device.
    pub device: Uuid,
    /// Kind of entity.
    pub aggregate_type: &'a str,
    /// Which entity.
    pub aggregate_id: Uuid,
    /// The entity's own count of events.
    pub sequence: i64,
    /// Type of event.
    pub event_type: &'a str,
    /// Version of its shape.
    pub event_version: &'a str,
    /// Canonical text of the metadata.
    pub metadata: &'a str,
    /// When it was recorded, Unix ms.
    pub recorded_at: i64,
    /// SHA-256 of the payload's canonical text.
    pub payload_hash: &'a Hash,
}

/// The hash of a payload's canonical text.
pub fn payload_hash(canonical: &str) -> Hash {
    Sha256::digest(canonical.as_bytes()).into()
}

/// The hash of an event, given that of the event before. Texts are preceded by their length, so none runs into the next.
pub fn hash(before: &Hash, link: &Link<'_>) -> Hash {
    let mut sha = Sha256::new();
    sha.update(before);
    for id in [link.space, link.transaction, link.device, link.aggregate_id] {
        sha.update(id.as_bytes());
    }
    for number in [link.position, link.sequence, link.recorded_at] {
        sha.update(number.to_be_bytes());
    }
    for text in [link.aggregate_type, link.event_type, link.event_version, link.metadata] {
        sha.update((text.len() as u64).to_be_bytes());
        sha.update(text.as_bytes());
    }
    sha.update(link.payload_hash);
    sha.finalize().into()
}

#[cfg(test)]
mod tests;
