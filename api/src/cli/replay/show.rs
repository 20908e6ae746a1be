//! A step, a difference and a device in words.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::terminal::paint::{Paint, Tone};
use super::super::terminal::value::{quoted, short};
use crate::admin::replay::device::{BoundBody, DeviceThenBody};
use crate::admin::replay::wire::{ChangeBody, DifferingBody, StepBody};

/// What happened to what, who did it, and the fields that differ, a line each.
pub(super) fn step(step: &StepBody, paint: Paint) -> String {
    let tone = tone(step.before.as_ref(), step.after.as_ref());
    let head = [
        paint.paint(Tone::Quiet, &format!("#{:<5}", step.position)),
        paint.paint(tone, &step.event),
        paint.paint(Tone::Title, &name(step.after.as_ref().or(step.before.as_ref()))),
        paint.paint(Tone::Quiet, &format!("{}/{} v{}", step.entity, step.id, step.version)),
    ];
    let mut lines = vec![head.join(" "), paint.paint(Tone::Quiet, &format!("       {}", whence(step)))];
    if step.redacted {
        lines.push(paint.paint(Tone::Gone, "       something was taken out of it"));
    }
    lines.extend(step.unknown.map(|why| paint.paint(Tone::Gone, &format!("       {}", because(why)))));
    lines.extend(step.changes.iter().map(|change| changed(change, paint)));
    lines.join("\n")
}

/// The whole entity after a step.
pub(super) fn state(step: &StepBody, paint: Paint) -> String {
    let Some(after) = &step.after else { return paint.paint(Tone::Quiet, "       nothing tells what it was") };
    let line = |(field, value): (&String, &Value)| format!("       {field} {}", told(field, value));
    after.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// An entity that two moments differ in.
pub(super) fn differing(item: &DifferingBody, paint: Paint) -> String {
    let tone = tone(item.before.as_ref(), item.after.as_ref());
    let head = [
        paint.paint(tone, item.entity),
        paint.paint(Tone::Title, &name(item.after.as_ref().or(item.before.as_ref()))),
        paint.paint(Tone::Quiet, &item.id.to_string()),
    ];
    let mut lines = vec![head.join(" ")];
    lines.extend(item.unknown.map(|why| paint.paint(Tone::Gone, &format!("       {}", because(why)))));
    if item.changes.is_empty() && item.unknown.is_none() {
        lines.push(paint.paint(Tone::Quiet, "       is as it was"));
    }
    lines.extend(item.changes.iter().map(|change| changed(change, paint)));
    lines.join("\n")
}

/// Between which positions a device stood.
pub(super) fn device(then: &DeviceThenBody, paint: Paint) -> String {
    let name = device_name(then.device_name.as_deref(), then.device_id);
    let bound = |bound: &BoundBody| match (bound.because, bound.by) {
        ("wrote", Some(by)) => format!("#{} (it wrote #{by} on top of that)", bound.position),
        ("acknowledged", _) => format!("#{} (it had said so)", bound.position),
        ("log_ended", _) => format!("#{} (the log ended there)", bound.position),
        _ => format!("#{}", bound.position),
    };
    let lines = [
        format!("{} at {}", paint.paint(Tone::Title, &name), moment(then.at)),
        format!("       had everything up to {}", bound(&then.at_least)),
        format!("       had nothing behind   {}", bound(&then.at_most)),
    ];
    lines.join("\n")
}

/// A moment for people, in UTC.
fn moment(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |moment| moment.to_string())
}

fn whence(step: &StepBody) -> String {
    let by = device_name(step.device_name.as_deref(), step.device_id);
    let cause = step.cause.map_or(String::new(), |cause| format!(", follows #{cause}"));
    format!("{} by {by}, transaction {}{cause}", moment(step.recorded_at), step.transaction_id)
}

fn device_name(name: Option<&str>, id: Uuid) -> String {
    match name {
        _ if id.is_nil() => "the server".to_owned(),
        Some(name) if !name.is_empty() => quoted(name),
        _ => format!("device {id}"),
    }
}

fn name(row: Option<&Map<String, Value>>) -> String {
    let named = |row: &Map<String, Value>| {
        let text = ["title", "name"].iter().find_map(|field| row.get(*field)).and_then(Value::as_str)?;
        (!text.is_empty()).then(|| quoted(text))
    };
    row.and_then(named).unwrap_or_else(|| "without a name".to_owned())
}

fn tone(before: Option<&Map<String, Value>>, after: Option<&Map<String, Value>>) -> Tone {
    let is_there =
        |row: Option<&Map<String, Value>>| row.is_some_and(|row| row.get("deleted_at").is_none_or(Value::is_null));
    match (is_there(before), is_there(after)) {
        (false, true) => Tone::New,
        (true, false) => Tone::Gone,
        _ => Tone::Changed,
    }
}

fn because(unknown: &str) -> &'static str {
    match unknown {
        "redacted" => "an event of it was taken out; nothing tells the rest of what it was",
        _ => "its history is too long to be folded for this; what readers were told:",
    }
}

fn changed(change: &ChangeBody, paint: Paint) -> String {
    let ChangeBody { field, before, after } = change;
    let after = told(field, after);
    let field_name = paint.paint(Tone::Changed, field);
    match before {
        Some(before) => format!("       {field_name} {} → {after}", told(field, before)),
        None => format!("       {field_name} {after}"),
    }
}

fn told(field: &str, value: &Value) -> String {
    match value {
        Value::Number(number) if field.ends_with("_at") => number.as_i64().map_or_else(|| number.to_string(), moment),
        other => short("", other, 0),
    }
}

#[cfg(test)]
mod tests;
