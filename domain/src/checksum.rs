//! Canonical forms and checksums: what two replicas compare.
//!
//! The canonical form of a JSON value is its compact text with object keys sorted bytewise. An entity's checksum is
//! the first eight bytes of SHA-256 over the canonical form of `[kind, id, version, fields]`, where `fields` are what
//! a reader is shown, without those that are empty (null, false, 0, "" and []). So a field that is added later with an
//! empty value changes no checksum, and a client needs no schema to compute one.

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The canonical text of a JSON value.
pub fn canonical(value: &Value) -> String {
    let mut text = Vec::with_capacity(256);
    write_canonical(value, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// The checksum of an entity as a reader is shown it. `fields` may contain `id` and `version`; they count once.
pub fn entity_checksum(kind: &str, id: Uuid, version: i64, fields: &Map<String, Value>) -> u64 {
    let mut text = format!("[\"{kind}\",\"{id}\",{version},").into_bytes();
    let shown = fields.iter().filter(|(name, value)| !is_empty(value) && *name != "id" && *name != "version");
    write_object(shown, &mut text);
    text.push(b']');
    let hash = Sha256::digest(&text);
    hash.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// A checksum on the wire: sixteen hexadecimal digits.
pub fn hex(checksum: u64) -> String {
    format!("{checksum:016x}")
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(is) => !is,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(members) => members.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

fn write_canonical(value: &Value, text: &mut Vec<u8>) {
    match value {
        Value::Array(members) => {
            text.push(b'[');
            for (index, member) in members.iter().enumerate() {
                if index > 0 {
                    text.push(b',');
                }
                write_canonical(member, text);
            }
            text.push(b']');
        }
        Value::Object(fields) => write_object(fields.iter(), text),
        scalar => write(scalar, text),
    }
}

fn write_object<'a>(fields: impl Iterator<Item = (&'a String, &'a Value)>, text: &mut Vec<u8>) {
    let mut sorted: Vec<_> = fields.collect();
    sorted.sort_by_key(|(name, _)| name.as_bytes());
    text.push(b'{');
    for (index, (name, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        write(name, text);
        text.push(b':');
        write_canonical(value, text);
    }
    text.push(b'}');
}

/// Into memory, where writing does not fail.
fn write(value: &impl Serialize, text: &mut Vec<u8>) {
    drop(serde_json::to_writer(text, value));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_canonical_form_does_not_depend_on_the_order_of_keys() {
        let one: Value = serde_json::from_str(r#"{"b":[1,{"d":"é\n","c":null}],"a":true}"#).unwrap();
        assert_eq!(canonical(&one), r#"{"a":true,"b":[1,{"c":null,"d":"é\n"}]}"#);
    }

    #[test]
    fn empty_fields_do_not_count() {
        let id = Uuid::nil();
        let Value::Object(full) = json!({ "title": "x", "done": false, "count": 0, "tags": [], "note": null }) else {
            unreachable!()
        };
        let Value::Object(short) = json!({ "title": "x" }) else { unreachable!() };
        assert_eq!(entity_checksum("task", id, 1, &full), entity_checksum("task", id, 1, &short));
        assert_ne!(entity_checksum("task", id, 1, &full), entity_checksum("task", id, 2, &short));
    }

    #[test]
    fn a_checksum_is_the_start_of_sha_256_over_the_canonical_form() {
        let text = r#"["task","00000000-0000-0000-0000-000000000000",1,{"title":"x"}]"#;
        let hash = Sha256::digest(text.as_bytes());
        let Value::Object(fields) = json!({ "title": "x" }) else { unreachable!() };
        let expected: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex(entity_checksum("task", Uuid::nil(), 1, &fields)), expected);
    }
}
