//! An answer and what it should be: every member, and none besides. In what it should be, `<name>` stands for what is known
//! by that name, or else for anything of a form.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// What is known, by name.
pub(super) type Known = BTreeMap<String, Value>;

/// Fails unless an answer is what it should be.
pub(super) fn assert_like(known: &Known, expected: &Value, told: &Value, at: &str) {
    match (expected, told) {
        (Value::String(text), told) if text.starts_with('<') => {
            assert!(stands_for(known, text, told), "{at}: {told} is no {text}");
        }
        (Value::Array(expected), Value::Array(told)) => {
            assert_eq!(expected.len(), told.len(), "{at}: {told:#?}");
            for (number, (expected, told)) in expected.iter().zip(told).enumerate() {
                assert_like(known, expected, told, &format!("{at}/{number}"));
            }
        }
        (Value::Object(expected), Value::Object(told)) => {
            let names = |object: &Map<String, Value>| object.keys().cloned().collect::<BTreeSet<String>>();
            assert_eq!(names(expected), names(told), "{at}: {told:?}");
            for (name, value) in expected {
                assert_like(known, value, &told[name], &format!("{at}/{name}"));
            }
        }
        // 1 and 1.0 are one number to clients.
        (Value::Number(expected), Value::Number(told)) => assert_eq!(expected.as_f64(), told.as_f64(), "{at}"),
        _ => assert_eq!(expected, told, "{at}"),
    }
}

fn stands_for(known: &Known, placeholder: &str, told: &Value) -> bool {
    let text = told.as_str().unwrap_or_default();
    match placeholder {
        "<today>" => known.get("today").is_some_and(|day| text == format!("{}T00:00:00.000Z", day.as_str().unwrap())),
        "<moment>" => text.len() == 24 && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok(),
        "<position>" | "<id>" => told.as_i64().is_some_and(|id| id > 0 && i32::try_from(id).is_ok()),
        "<number>" => told.is_number(),
        "<text>" => !text.is_empty(),
        "<uuid>" => text.parse::<uuid::Uuid>().is_ok(),
        "<access>" => text.split('.').count() == 3,
        "<refresh>" => text.len() == 43,
        name => known.get(name.trim_matches(['<', '>'])) == Some(told),
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use serde_json::json;

    use super::*;

    fn is_like(expected: &Value, told: &Value) -> bool {
        let known = Known::from([("goal".to_owned(), json!(7)), ("today".to_owned(), json!("2026-10-24"))]);
        catch_unwind(|| assert_like(&known, expected, told, "here")).is_ok()
    }

    #[test]
    fn one_member_more_or_less_or_of_another_value_is_seen() {
        let expected =
            json!({ "id": "<goal>", "list": [{ "at": "<moment>" }], "xp": 5, "on": "<today>", "none": null });
        let told = json!({
            "id": 7, "list": [{ "at": "2026-10-24T07:00:00.000Z" }], "xp": 5.0, "on": "2026-10-24T00:00:00.000Z", "none": null,
        });
        assert!(is_like(&expected, &told));
        for (place, other) in [
            ("/id", json!(8)),
            ("/id", json!("7")),
            ("/list", json!([])),
            ("/list/0/at", json!("2026-10-24 07:00:00.000")),
            ("/list/0", json!({ "at": "2026-10-24T07:00:00.000Z", "more": null })),
            ("/xp", json!(5.1)),
            ("/on", json!("2026-10-25T00:00:00.000Z")),
            ("/none", json!(0)),
        ] {
            let mut told = told.clone();
            *told.pointer_mut(place).unwrap() = other;
            assert!(!is_like(&expected, &told), "{place}");
        }
        let mut less = told.clone();
        less.as_object_mut().unwrap().remove("none");
        assert!(!is_like(&expected, &less), "null is not absent");
    }
}
