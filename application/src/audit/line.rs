//! What an event says for the audit log: a line for each field that it changed, or one for the event.

use serde_json::{Map, Value};

/// The version of what is in this file, and of the rows that a store makes of it: those that another one made are made anew.
pub const FOLD_VERSION: i32 = 2;

/// What a creation says of these is no change by anybody: the server fills it in.
const FILLED_IN: [&str; 1] = ["rank"];

/// A line of the audit log, without what all lines of its event share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Which field; none when the event is not about fields.
    pub field: Option<String>,
    /// The value that was replaced.
    pub before: Value,
    /// The value that came to stand; of an event that is not about fields, what it says.
    pub after: Value,
    /// What was sent, where something else came to stand.
    pub written: Option<Value>,
}

/// The lines of an event, by its payload; at least one.
pub fn lines(payload: &Value) -> Vec<Line> {
    let change = payload.get("change").and_then(Value::as_object);
    let said = change.and_then(|change| change.iter().next());
    let lines = match said {
        Some((name, body)) if name == "created" => created(body),
        Some((name, body)) if name == "edited" => edited(body),
        Some((name, body)) if name == "linked" || name == "unlinked" => linked(body).into_iter().collect(),
        _ => Vec::new(),
    };
    if lines.is_empty() { vec![whole(said)] } else { lines }
}

/// When the user acted, as the write's stamp has it; the founding of a space has no such moment of its own.
pub fn moment(payload: &Value, recorded_at: i64) -> i64 {
    let stamp = payload.pointer("/mark/stamp/0").and_then(Value::as_i64).unwrap_or_default();
    if stamp == 0 { recorded_at } else { stamp }
}

fn whole(said: Option<(&String, &Value)>) -> Line {
    Line { after: said.map(|(_, body)| body.clone()).unwrap_or_default(), ..Line::default() }
}

/// Every field with something in it.
fn created(body: &Value) -> Vec<Line> {
    let fields = body.get("fields").and_then(Value::as_object);
    let told = |(name, value): &(&String, &Value)| !FILLED_IN.contains(&name.as_str()) && !is_nothing(value);
    let line =
        |(name, value): (&String, &Value)| Line { field: Some(name.clone()), after: value.clone(), ..Line::default() };
    fields.into_iter().flatten().filter(told).map(line).collect()
}

fn edited(body: &Value) -> Vec<Line> {
    let changes = body.get("changes").and_then(Value::as_object);
    let line = |(name, change): (&String, &Value)| Line {
        field: Some(name.clone()),
        before: change.get("before").cloned().unwrap_or_default(),
        after: change.get("after").cloned().unwrap_or_default(),
        written: change.get("written").cloned(),
    };
    changes.into_iter().flatten().map(line).collect()
}

fn linked(body: &Value) -> Option<Line> {
    let value = |name: &str| body.get(name).cloned().unwrap_or_default();
    let field = body.get("field")?.as_str()?.to_owned();
    Some(Line { field: Some(field), before: value("before"), after: value("after"), written: None })
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(members) => members.is_empty(),
        Value::Object(members) => Map::is_empty(members),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(change: &Value) -> Vec<Line> {
        lines(&json!({ "mark": { "position": 1, "at": 2, "stamp": [3, 0, "d"] }, "change": change }))
    }

    #[test]
    fn a_creation_is_a_line_for_each_field_that_has_something_in_it() {
        let fields = json!({ "title": "Read", "tags": [], "due_at": null, "rank": "z1", "unlocked": false });
        let found = of(&json!({ "created": { "id": "x", "fields": fields } }));
        let named: Vec<_> = found.iter().map(|line| (line.field.as_deref().unwrap(), &line.after)).collect();
        assert_eq!(named, [("title", &json!("Read")), ("unlocked", &json!(false))]);
        assert!(found.iter().all(|line| line.before.is_null()));
    }

    #[test]
    fn an_edit_says_what_stood_what_stands_and_what_was_sent() {
        let changes =
            json!({ "title": { "before": "A", "after": "B" }, "kind": { "before": 1, "after": 1, "written": 2 } });
        let found = of(&json!({ "edited": { "base": null, "changes": changes } }));
        let title = Line { field: Some("title".to_owned()), before: json!("A"), after: json!("B"), written: None };
        let kind = Line { field: Some("kind".to_owned()), before: json!(1), after: json!(1), written: Some(json!(2)) };
        assert!(found.len() == 2 && found.contains(&title) && found.contains(&kind), "{found:?}");
    }

    #[test]
    fn a_reference_that_goes_is_a_line_of_its_field() {
        let found = of(&json!({ "unlinked": { "field": "goal_id", "target": "g", "before": "g", "after": null } }));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].field.as_deref(), &found[0].before), (Some("goal_id"), &json!("g")));
    }

    #[test]
    fn what_is_not_about_fields_is_one_line_with_what_the_event_says() {
        let found = of(&json!({ "completed": { "day": "2026-10-24", "xp": 20 } }));
        assert_eq!(found, [Line { after: json!({ "day": "2026-10-24", "xp": 20 }), ..Line::default() }]);
        assert_eq!(of(&json!({ "edited": { "base": 4, "changes": {} } })).len(), 1);
    }

    #[test]
    fn a_payload_that_was_taken_out_is_still_a_line() {
        for payload in [Value::Null, json!({}), json!("gone"), json!({ "change": null })] {
            assert_eq!(lines(&payload), [Line::default()], "{payload}");
        }
    }

    #[test]
    fn the_moment_is_the_users_and_a_foundings_the_servers() {
        assert_eq!(moment(&json!({ "mark": { "stamp": [7, 0, "d"] } }), 9), 7);
        assert_eq!(moment(&json!({ "mark": { "stamp": [0, 0, "d"] } }), 9), 9);
    }
}
