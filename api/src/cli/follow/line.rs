//! One applied change as a line for people.

use serde_json::Value;

use crate::client::wire::Op;
use crate::client::{Applied, Row};

use super::super::terminal::paint::{Paint, Tone};
use super::super::terminal::value::{ago, quoted, short};

/// Bookkeeping that says nothing to a person.
const SILENT: [&str; 9] =
    ["created_at", "created_by", "updated_at", "deleted_at", "legacy_id", "rank", "title", "name", "completion"];
const FIELDS_SHOWN_MAX: usize = 8;

/// `#42  ~ task "Read a chapter"  difficulty "easy" → "hard"  (phone, 3 s ago)`. `device` is who wrote it, in words.
pub(super) fn line(applied: &Applied, device: &str, now_ms: i64, paint: Paint) -> String {
    let change = &applied.change;
    let returned = change.op == Op::Create && applied.before.is_some();
    let (sign, tone) = match change.op {
        Op::Create => ("+", Tone::New),
        Op::Update => ("~", Tone::Changed),
        Op::Delete => ("-", Tone::Gone),
    };
    let position = paint.paint(Tone::Quiet, &format!("#{:<5}", change.position));
    let head = paint.paint(tone, &format!("{sign} {:<9}", change.entity));
    let title = paint.paint(Tone::Title, &title(&applied.after).unwrap_or_else(|| "without a name".to_owned()));
    let what = match (change.op, returned) {
        (Op::Delete, _) => String::new(),
        (_, true) => "  restored".to_owned(),
        _ => told(applied, now_ms),
    };
    let follows =
        change.cause.as_ref().map_or(String::new(), |cause| format!("follows #{}, ", short("", cause, now_ms)));
    let tail = paint.paint(Tone::Quiet, &format!("({follows}{device}, {})", ago(change.at, now_ms)));
    format!("{position} {head} {title}{what}  {tail}")
}

/// The first group of a device's or entity's id, enough to tell a few apart.
pub(super) fn short_id(id: &str) -> String {
    // Ids of version 7 begin with the time: their end differs, their beginning does not.
    id.rsplit('-').next().unwrap_or(id).to_owned()
}

fn title(row: &Row) -> Option<String> {
    ["title", "name"]
        .iter()
        .find_map(|name| row.fields.get(*name))
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(quoted)
}

/// The fields that changed: from what they were to what they are; only what they are when there was nothing.
fn told(applied: &Applied, now_ms: i64) -> String {
    let mut parts = Vec::new();
    for (name, value) in &applied.change.fields {
        let before = applied.before.as_ref().map(|row| row.fields.get(name).unwrap_or(&Value::Null));
        let renamed = before.is_some() && matches!(name.as_str(), "title" | "name");
        if (SILENT.contains(&name.as_str()) && !renamed) || before == Some(value) {
            continue;
        }
        let now = short(name, value, now_ms);
        match before {
            Some(before) => parts.push(format!("{name} {} → {now}", short(name, before, now_ms))),
            None if is_plain(value) => {}
            None => parts.push(format!("{name} {now}")),
        }
    }
    let hidden = parts.len().saturating_sub(FIELDS_SHOWN_MAX);
    parts.truncate(FIELDS_SHOWN_MAX);
    if hidden > 0 {
        parts.push(format!("and {hidden} more"));
    }
    if parts.is_empty() { String::new() } else { format!("  {}", parts.join(", ")) }
}

/// What a creation need not mention.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn applied(op: &str, fields: &Value, before: Option<Value>) -> Applied {
        let change = json!({ "position": 42, "transaction_id": uuid::Uuid::nil(), "at": 1_000, "op": op, "entity": "task",
                             "id": uuid::Uuid::nil(), "version": 2, "fields": fields });
        let row = |fields: Value| Row { version: 1, fields: fields.as_object().unwrap().clone() };
        let mut after = before.clone().map(row).unwrap_or_default();
        after.fields.extend(fields.as_object().unwrap().clone());
        Applied { change: serde_json::from_value(change).unwrap(), before: before.map(row), after }
    }

    #[test]
    fn an_update_tells_what_it_was_and_what_it_is() {
        let before = json!({ "title": "Read", "difficulty": "easy", "rank": "z" });
        let applied = applied("update", &json!({ "difficulty": "hard", "rank": "y" }), Some(before));
        let expected = "#42    ~ task      \"Read\"  difficulty \"easy\" → \"hard\"  (phone, 3 s ago)";
        assert_eq!(line(&applied, "phone", 4_000, Paint::off()), expected);
    }

    #[test]
    fn a_creation_leaves_out_what_is_empty() {
        let applied =
            applied("create", &json!({ "title": "Read", "tags": [], "due_at": null, "exp_reward": 20 }), None);
        let expected = "#42    + task      \"Read\"  exp_reward 20  (phone, now)";
        assert_eq!(line(&applied, "phone", 1_000, Paint::off()), expected);
    }
}
