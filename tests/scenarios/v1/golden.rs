//! Answers as the legacy contract has them, written by hand in `tests/cases/v1`: `paths` that have one `answer`. In it `<user>`,
//! `<moment>`, `<position>`, `<today>`, `<number>` and `<text>` stand for what is another each time, and `@name` for the
//! answer of another case, `@name reversed` for that list the other way round.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/v1");

/// A case.
pub(super) struct Golden {
    /// Its name.
    pub(super) name: String,
    /// The paths behind the prefix; `{today}` in them is the day in UTC.
    pub(super) paths: Vec<String>,
    /// What they answer.
    pub(super) answer: Value,
}

/// What stands for whom and when.
pub(super) struct Stands {
    /// The account's id.
    pub(super) user: String,
    /// The day in UTC, which is the hero's.
    pub(super) today: String,
}

/// The case of this name.
pub(super) fn golden(name: &str) -> Golden {
    let text = std::fs::read_to_string(Path::new(CASES).join(format!("{name}.json"))).unwrap();
    let case: Value = serde_json::from_str(&text).unwrap();
    let paths = case["paths"].as_array().unwrap().iter().map(|path| path.as_str().unwrap().to_owned()).collect();
    Golden { name: name.to_owned(), paths, answer: whole(case["answer"].clone()) }
}

/// The answer with the answers of other cases in it.
fn whole(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with('@') => match text[1..].strip_suffix(" reversed") {
            Some(name) => Value::Array(golden(name).answer.as_array().unwrap().iter().rev().cloned().collect()),
            None => golden(&text[1..]).answer,
        },
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, whole(value))).collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// Compares an answer with what it should be: every member, and none besides.
pub(super) fn assert_like(stands: &Stands, expected: &Value, told: &Value, at: &str) {
    match (expected, told) {
        (Value::String(expected), told) if expected.starts_with('<') => {
            assert!(stands_for(stands, expected, told), "{at}: {told} is no {expected}");
        }
        (Value::Array(expected), Value::Array(told)) => {
            assert_eq!(expected.len(), told.len(), "{at}: {told:#?}");
            for (number, (expected, told)) in expected.iter().zip(told).enumerate() {
                assert_like(stands, expected, told, &format!("{at}/{number}"));
            }
        }
        (Value::Object(expected), Value::Object(told)) => {
            let names = |object: &Map<String, Value>| object.keys().cloned().collect::<BTreeSet<String>>();
            assert_eq!(names(expected), names(told), "{at}");
            for (name, value) in expected {
                assert_like(stands, value, &told[name], &format!("{at}/{name}"));
            }
        }
        // 1 and 1.0 are one number to clients.
        (Value::Number(expected), Value::Number(told)) => assert_eq!(expected.as_f64(), told.as_f64(), "{at}"),
        _ => assert_eq!(expected, told, "{at}"),
    }
}

fn stands_for(stands: &Stands, placeholder: &str, told: &Value) -> bool {
    let text = told.as_str().unwrap_or_default();
    match placeholder {
        "<user>" => text == stands.user,
        "<today>" => text == format!("{}T00:00:00.000Z", stands.today),
        "<moment>" => text.len() == 24 && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok(),
        "<position>" => told.as_i64().is_some_and(|position| position > 0 && i32::try_from(position).is_ok()),
        "<number>" => told.is_number(),
        "<text>" => !text.is_empty(),
        _ => false,
    }
}
