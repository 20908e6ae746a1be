//! The three recorded lives that the scenarios play, too.

use std::path::Path;

use serde_json::{Map, Value};

use crate::failure::Failure;

/// Their names: a week, two years of one device, three weeks of two.
pub(super) const PEOPLE: [&str; 3] = ["light", "heavy", "mixed"];

/// The transactions of one life, in order, as the protocol has them.
pub(super) fn transactions(name: &str) -> Result<Vec<Value>, Failure> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/device-transactions.ndjson");
    let text = std::fs::read_to_string(file).map_err(Failure::during("reading the recorded lives"))?;
    let whose = format!("{name}@example.test");
    let mut found = Vec::new();
    for line in text.lines() {
        let mut line: Map<String, Value> =
            serde_json::from_str(line).map_err(Failure::during("reading a recorded transaction"))?;
        let account = line.remove("account");
        line.remove("device");
        if account.is_some_and(|account| account == whose.as_str()) {
            found.push(Value::Object(line));
        }
    }
    Ok(found)
}
