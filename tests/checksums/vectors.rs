//! The cases of `tests/cases/checksums`, which clients in other languages run too.

use domain::checksum::{canonical, entity_checksum, hex};
use serde_json::Value;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/checksums");

fn cases(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(format!("{CASES}/{name}.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let cases = file["cases"].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

fn checksum(entity: &Value) -> u64 {
    let fields = entity["fields"].as_object().unwrap();
    let id = entity["id"].as_str().unwrap().parse().unwrap();
    entity_checksum(entity["entity"].as_str().unwrap(), id, entity["version"].as_i64().unwrap(), fields)
}

#[test]
fn entities_have_the_checksums_of_the_cases() {
    for case in cases("entities") {
        assert_eq!(hex(checksum(&case)), case["checksum"], "{}", case["name"]);
        let shown: serde_json::Map<String, Value> = serde_json::from_str(
            case["canonical"].as_str().unwrap().splitn(4, ',').nth(3).unwrap().strip_suffix(']').unwrap(),
        )
        .unwrap();
        let counted = Value::Object(shown);
        assert!(
            case["canonical"].as_str().unwrap().ends_with(&format!(",{}]", canonical(&counted))),
            "{}",
            case["name"]
        );
    }
}

#[test]
fn spaces_have_the_sums_of_the_cases() {
    for case in cases("spaces") {
        let entities = case["entities"].as_array().unwrap();
        let live = entities.iter().filter(|entity| entity["fields"]["deleted_at"].is_null());
        let sum = live.fold(0_u64, |sum, entity| sum.wrapping_add(checksum(entity)));
        assert_eq!(hex(sum), case["checksum"], "{}", case["name"]);
    }
}
