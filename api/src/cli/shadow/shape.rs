//! The shape of an answer: its status, the names and types of its fields. A list has the shape of all its members together;
//! null goes with everything, since a value may be missing on one side. But what is asked for as a whole, the body and what
//! the app's envelope holds, is there on both sides or on none.

use std::collections::BTreeSet;

use serde_json::Value;

use super::replayed::Told;

/// What the app's envelope holds.
const ENVELOPED: &str = "data";

/// Where two answers differ in shape, as sentences. What only the second has counts when it is `strict`: old clients skip what
/// they do not know.
pub(super) fn differences(expected: &Told, told: &Told, strict: bool) -> Vec<String> {
    let mut found = Vec::new();
    if expected.status != told.status {
        found.push(format!("status {} instead of {}", told.status, expected.status));
    }
    let (Some(then), Some(now)) = (&expected.body, &told.body) else { return found };
    // A refusal and what was granted have nothing in common; a refusal that is a page is one for people.
    let is_refused = expected.status >= 400;
    if is_refused == (told.status >= 400) && !(is_refused && then.is_string()) {
        presence("", Some(then), Some(now), &mut found);
        if then.get("success").is_some() {
            presence(".data", then.get(ENVELOPED), now.get(ENVELOPED), &mut found);
        }
        compare("", &[then], &[now], strict, &mut found);
    }
    found
}

/// Whether a whole is there on one side only: null, or a list of none.
fn presence(place: &str, expected: Option<&Value>, told: Option<&Value>, found: &mut Vec<String>) {
    let (Some(expected), Some(told)) = (expected, told) else { return };
    let shown = if place.is_empty() { "the body" } else { place };
    let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    let mut tell = |missing: &str, now: bool| {
        found.push(if now { format!("{shown} is {missing}") } else { format!("{shown} is not {missing} any more") });
    };
    if expected.is_null() != told.is_null() {
        tell("null", told.is_null());
    } else if expected.is_array() && told.is_array() && is_empty(expected) != is_empty(told) {
        tell("an empty list", is_empty(told));
    }
}

fn compare(place: &str, expected: &[&Value], told: &[&Value], strict: bool, found: &mut Vec<String>) {
    let (wanted, have) = (types(expected), types(told));
    if wanted.is_empty() || have.is_empty() {
        return;
    }
    let surplus: Vec<&str> = have.difference(&wanted).copied().collect();
    if !surplus.is_empty() {
        let wanted: Vec<&str> = wanted.into_iter().collect();
        let shown = if place.is_empty() { "the body" } else { place };
        found.push(format!("{shown} is {} instead of {}", surplus.join(" or "), wanted.join(" or ")));
        return;
    }
    fields(place, expected, told, strict, found);
    let members =
        |all: &[&Value]| all.iter().filter_map(|value| value.as_array()).flatten().cloned().collect::<Vec<_>>();
    let (wanted, have) = (members(expected), members(told));
    let in_list = format!("{place}[]");
    compare(&in_list, &wanted.iter().collect::<Vec<_>>(), &have.iter().collect::<Vec<_>>(), strict, found);
}

fn fields(place: &str, expected: &[&Value], told: &[&Value], strict: bool, found: &mut Vec<String>) {
    let (wanted, have) = (names(expected), names(told));
    for missing in wanted.difference(&have) {
        found.push(format!("{place}.{missing} is missing"));
    }
    for surplus in have.difference(&wanted).filter(|_| strict) {
        found.push(format!("{place}.{surplus} is new"));
    }
    for name in wanted.intersection(&have) {
        let of = |all: &[&Value]| all.iter().filter_map(|value| value.get(name)).cloned().collect::<Vec<_>>();
        let (wanted, have) = (of(expected), of(told));
        let below = format!("{place}.{name}");
        compare(&below, &wanted.iter().collect::<Vec<_>>(), &have.iter().collect::<Vec<_>>(), strict, found);
    }
}

fn names<'a>(all: &[&'a Value]) -> BTreeSet<&'a str> {
    all.iter().filter_map(|value| value.as_object()).flat_map(|fields| fields.keys().map(String::as_str)).collect()
}

/// The types of values; null is none.
fn types(all: &[&Value]) -> BTreeSet<&'static str> {
    let name = |value: &&Value| match value {
        Value::Null => None,
        Value::Bool(_) => Some("true or false"),
        Value::Number(_) => Some("a number"),
        Value::String(_) => Some("a text"),
        Value::Array(_) => Some("a list"),
        Value::Object(_) => Some("an object"),
    };
    all.iter().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(body: Value) -> Told {
        Told { status: 200, body: Some(body) }
    }

    fn found(expected: Value, now: Value) -> Vec<String> {
        differences(&told(expected), &told(now), false)
    }

    #[test]
    fn values_and_what_is_missing_on_one_side_do_not_matter() {
        let day = json!([{ "id": 1, "due": null, "tags": ["a"] }, { "id": 2, "due": "2026-10-24", "tags": [] }]);
        assert_eq!(found(day.clone(), json!([{ "id": 7, "due": null, "tags": [], "new": 1 }])), Vec::<String>::new());
        let inner = json!({ "tasks": day, "goal": null });
        assert_eq!(found(inner, json!({ "tasks": [], "goal": { "id": 1 } })), Vec::<String>::new());
    }

    #[test]
    fn what_is_asked_for_as_a_whole_is_there_on_both_sides_or_on_none() {
        let day = json!([{ "id": 1 }]);
        assert_eq!(found(day.clone(), json!([])), ["the body is an empty list"]);
        assert_eq!(found(json!([]), day.clone()), ["the body is not an empty list any more"]);
        assert_eq!(found(day.clone(), json!(null)), ["the body is null"]);
        assert_eq!(found(json!(null), json!({ "id": 1 })), ["the body is not null any more"]);
        let mobile = |data: Value| json!({ "success": true, "data": data });
        assert_eq!(found(mobile(day.clone()), mobile(json!([]))), [".data is an empty list"]);
        assert_eq!(found(mobile(json!(null)), mobile(json!({}))), [".data is not null any more"]);
        for alike in [json!([]), json!(null), day] {
            assert_eq!(found(alike.clone(), alike), Vec::<String>::new());
        }
    }

    #[test]
    fn refusals_have_a_shape_too() {
        let refused = |status: u16, body: Value| Told { status, body: Some(body) };
        let then = refused(400, json!({ "message": "no", "errors": [{ "path": ["a"] }] }));
        let now = refused(400, json!({ "error": "no", "errors": [{ "path": "a" }] }));
        let expected = [".message is missing", ".errors[].path is a text instead of a list"];
        assert_eq!(differences(&then, &now, false), expected);
        let page = refused(404, json!("Cannot GET /api/nothing"));
        assert_eq!(differences(&page, &refused(404, json!({ "message": "no" })), false), Vec::<String>::new());
        let unsaid = Told { status: 404, body: None };
        assert_eq!(differences(&unsaid, &refused(404, json!(null)), false), Vec::<String>::new());
    }

    #[test]
    fn a_field_that_is_missing_or_of_another_type_is_told_with_its_place() {
        let then = json!({ "task": { "id": 1, "title": "Run", "skills": [{ "id": 3 }] } });
        let now = json!({ "task": { "id": "1", "skills": [{ "name": "x" }] } });
        let expected =
            [".task.title is missing", ".task.id is a text instead of a number", ".task.skills[].id is missing"];
        assert_eq!(found(then, now), expected);
        assert_eq!(found(json!([1]), json!({})), ["the body is an object instead of a list"]);
    }

    #[test]
    fn a_strict_look_sees_new_fields_and_statuses_always_count() {
        let new = differences(&told(json!({})), &told(json!({ "more": 1 })), true);
        assert_eq!(new, [".more is new"]);
        let refused = Told { status: 404, body: Some(json!({ "message": "no" })) };
        assert_eq!(differences(&told(json!([])), &refused, false), ["status 404 instead of 200"]);
    }
}
