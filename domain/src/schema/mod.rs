//! What every command takes, as JSON Schema (2020-12): ranges, defaults, merge policies, references.
//!
//! Nothing of it is written here. The schema is asked for: each parser is offered values, and its own refusals say the
//! limits. So the ranges stand in one place, the `validator` derives, and the schema cannot disagree with them. What a
//! parser's refusal cannot say (the pattern behind `color_invalid`) stands in `form`, and a test holds it to the parser.

mod codes;
mod commands;
mod fields;
mod form;
mod limits;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

pub use self::fields::fields;
use crate::entity::Kind;

/// The dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a command, and beside it what else a client builds from. `derived` names the fields of a kind that only
/// the server writes.
pub fn document(derived: impl Fn(Kind) -> Vec<String>) -> Value {
    let commands = commands::commands();
    let any: Vec<Value> = commands.keys().map(|name| json!({ "$ref": format!("#/$defs/{name}") })).collect();
    let kinds = Kind::ALL.iter().map(|kind| (kind.name().to_owned(), described(*kind, &derived(*kind))));
    json!({
        "$schema": DIALECT,
        "$id": "/schema.json",
        "title": "A command of Level Up Sync",
        "oneOf": any,
        "$defs": commands,
        "x-kinds": kinds.collect::<Map<String, Value>>(),
        "x-limits": limits::limits(),
        "x-rejections": codes::REJECTIONS,
        "x-field-errors": codes::FIELDS,
    })
}

/// A kind: where its rows are listed, and its fields, written and derived.
fn described(kind: Kind, derived: &[String]) -> Value {
    let mut all = fields(kind);
    for name in derived {
        all.entry(name.clone()).or_insert_with(|| json!({ "readOnly": true, "x-merge": "derived" }));
    }
    json!({ "list": format!("/api/v2/{}", kind.table()), "fields": all })
}
