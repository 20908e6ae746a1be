//! Tests of the hash chain.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{GENESIS, Hash, Link, hash, payload_hash};

const PAYLOAD: Hash = [7; 32];

fn link() -> Link<'static> {
    Link {
        space: Uuid::from_u128(1),
        position: 1,
        transaction: Uuid::from_u128(2),
        device: Uuid::from_u128(3),
        aggregate_type: "task",
        aggregate_id: Uuid::from_u128(4),
        sequence: 1,
        event_type: "task.created",
        event_version: "1",
        metadata: "{}",
        recorded_at: 1_782_907_200_000,
        payload_hash: &PAYLOAD,
    }
}

#[test]
fn a_payload_is_hashed_as_it_is_written() {
    assert_eq!(payload_hash("{}"), <Hash>::from(Sha256::digest("{}")));
    assert_ne!(payload_hash("é"), payload_hash("e\u{301}"));
}

#[test]
fn every_column_counts() {
    let others = [
        Link { space: Uuid::from_u128(9), ..link() },
        Link { position: 2, ..link() },
        Link { transaction: Uuid::from_u128(9), ..link() },
        Link { device: Uuid::from_u128(9), ..link() },
        Link { aggregate_type: "goal", ..link() },
        Link { aggregate_id: Uuid::from_u128(9), ..link() },
        Link { sequence: 2, ..link() },
        Link { event_type: "task.edited", ..link() },
        Link { event_version: "2", ..link() },
        Link { metadata: "{ }", ..link() },
        Link { recorded_at: 1_782_907_200_001, ..link() },
        Link { payload_hash: &[8; 32], ..link() },
    ];
    let mut hashes: Vec<Hash> = others.iter().map(|other| hash(&GENESIS, other)).collect();
    hashes.extend([hash(&GENESIS, &link()), hash(&PAYLOAD, &link())]);
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 14);
}

#[test]
fn no_text_runs_into_the_next() {
    let one = Link { aggregate_type: "task", event_type: "created", ..link() };
    let other = Link { aggregate_type: "taskc", event_type: "reated", ..link() };
    assert_ne!(hash(&GENESIS, &one), hash(&GENESIS, &other));
}

#[test]
fn the_hash_is_what_its_description_says() {
    let mut bytes = Vec::from(GENESIS);
    for id in [1, 2, 3, 4_u128] {
        bytes.extend(id.to_be_bytes());
    }
    for number in [1, 1, 1_782_907_200_000_i64] {
        bytes.extend(number.to_be_bytes());
    }
    for text in ["task", "task.created", "1", "{}"] {
        bytes.extend((text.len() as u64).to_be_bytes());
        bytes.extend(text.bytes());
    }
    bytes.extend(PAYLOAD);
    assert_eq!(hash(&GENESIS, &link()), <Hash>::from(Sha256::digest(&bytes)));
}
