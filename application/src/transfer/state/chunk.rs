//! How many commands go into one transaction of an import.

use domain::limits::TRANSACTION_COMMANDS_MAX;
use serde_json::Value;

use super::commands::Made;
use super::limits::TRANSACTION_BYTES_MAX;

/// Whether there is enough for a transaction.
pub(super) fn is_full(made: &[Made]) -> bool {
    made.len() >= TRANSACTION_COMMANDS_MAX || made.iter().map(bytes).sum::<usize>() >= TRANSACTION_BYTES_MAX
}

fn bytes(made: &Made) -> usize {
    // A creation's text is a line's; what the rest is does not matter.
    made.content.get(2).map_or(0, approximate_bytes)
}

fn approximate_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Array(members) => members.iter().map(approximate_bytes).sum::<usize>() + 2,
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + 4 + approximate_bytes(value)).sum(),
        _ => 8,
    }
}

/// As many commands as one transaction may have, from the front.
pub(crate) fn take_chunk(made: &mut Vec<Made>) -> Vec<Made> {
    let mut taken = 0;
    let mut size = 0;
    for one in made.iter().take(TRANSACTION_COMMANDS_MAX) {
        size += bytes(one);
        if taken > 0 && size > TRANSACTION_BYTES_MAX {
            break;
        }
        taken += 1;
    }
    made.drain(..taken).collect()
}
