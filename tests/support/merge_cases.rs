//! The golden cases of the merge, and what of their expectation an end does not meet.

use std::path::{Path, PathBuf};

use infrastructure::merge_cases::Case;
use serde_json::Value;

/// Where the files are.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/merge")
}

/// All cases, by name.
#[must_use]
pub fn golden() -> Vec<Case> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<Case> =
        files.filter(|path| path.extension().is_some_and(|end| end == "json")).map(read).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn read(path: PathBuf) -> Case {
    let text = std::fs::read_to_string(&path).unwrap();
    let case = Case::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(path.file_stem().unwrap().to_str().unwrap(), case.name, "a case is in the file of its name");
    case
}

/// Where `found` is not as `expected`: an object may say more, everything else is equal.
#[must_use]
pub fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut told = Vec::new();
    compare(String::new(), expected, found, &mut told);
    told
}

fn compare(place: String, expected: &Value, found: &Value, told: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (name, value) in expected {
                compare(format!("{place}/{name}"), value, found.get(name).unwrap_or(&Value::Null), told);
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                compare(format!("{place}/{index}"), expected, found, told);
            }
        }
        _ if expected == found => {}
        _ => told.push(format!("{place}: expected {expected}, found {found}")),
    }
}
