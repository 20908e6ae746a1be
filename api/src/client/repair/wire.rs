//! The messages of a comparison.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::checksum::to_hex;
use super::super::wire::SnapshotItem;
use super::descent::{Listed, Question, Summed};

/// The body that asks a question at a cursor.
pub(super) fn asked(cursor: &str, question: &Question) -> Value {
    match question {
        Question::Sums(sums) => json!({ "cursor": cursor, "sums": sums.iter().map(sum).collect::<Vec<_>>() }),
        Question::Held(held) => json!({ "cursor": cursor, "held": held.iter().map(listed).collect::<Vec<_>>() }),
        Question::TooMuch => Value::Null,
    }
}

fn sum(one: &Summed) -> Value {
    json!({ "entity": one.bucket.entity, "suffix": one.bucket.suffix, "sum": to_hex(one.sum) })
}

fn listed(one: &Listed) -> Value {
    let held: Map<String, Value> =
        one.held.iter().map(|(id, sum)| (id.to_string(), Value::from(to_hex(*sum)))).collect();
    json!({ "entity": one.bucket.entity, "suffix": one.bucket.suffix, "held": held })
}

/// What a comparison is answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Compared {
    /// The cursor belongs to no log of this server.
    pub(super) reset: bool,
    /// `compared` or `behind`.
    pub(super) status: String,
    /// The space's checksum, if something was compared.
    pub(super) checksum: Option<String>,
    /// Buckets that differ.
    pub(super) differ: Vec<Different>,
    /// Entities that differ.
    pub(super) rows: Vec<SnapshotItem>,
    /// Entities that never were.
    pub(super) gone: Vec<Gone>,
    /// Whether more entities differ.
    pub(super) more: bool,
}

/// A bucket that differs.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Different {
    pub(super) entity: String,
    pub(super) suffix: String,
    pub(super) count: usize,
}

/// An entity that never was.
#[derive(Debug, Deserialize)]
pub(super) struct Gone {
    pub(super) entity: String,
    pub(super) id: Uuid,
}
