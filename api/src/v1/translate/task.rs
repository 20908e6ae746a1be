//! A task of v1 as the fields of v2.

use std::collections::BTreeSet;

use domain::id::EntityId;
use domain::limits::{INSTANT_MS_MAX, INSTANT_MS_MIN, TAG_CHARS_MAX, TAGS_MAX};
use infrastructure::postgres::legacy::{LegacyNames, LegacyTargets};
use serde_json::{Map, Value, json};

use crate::v1::clamp::{id, number, one_of, text};
use crate::v1::{moment, order};

/// What a task is called that has no words.
const UNTITLED: &str = "未命名";
/// Behind a title that would be too short.
const TOO_SHORT: char = '…';
const TITLE_CHARS_MAX: usize = 200;
const DESCRIPTION_CHARS_MAX: usize = 2_000;
const KINDS: [&str; 4] = ["main", "stage", "daily", "simple"];
const DIFFICULTIES: [&str; 4] = ["trivial", "easy", "medium", "hard"];

/// The integer ids that a body names.
pub fn names(body: &Map<String, Value>) -> LegacyNames {
    let named = |field: &str| body.get(field).and_then(id);
    LegacyNames { skill: named("skillId"), goal: named("goalId"), task: named("parentTaskId") }
}

/// The fields of v2 that a body speaks of; `targets` are the entities that it names. A blank title, or anything else that
/// says nothing, is left out.
pub fn fields(body: &Map<String, Value>, targets: LegacyTargets) -> Map<String, Value> {
    let number = |field: &str, min, max| body.get(field).and_then(|sent| number(sent, min, max)).map(Value::from);
    let reference = |field: &str, target: Option<EntityId>| body.get(field).and_then(|sent| shown(sent, target));
    let set = |field: &str| body.get(field).and_then(tags);
    let found = [
        ("title", body.get("title").and_then(|sent| text(sent, TITLE_CHARS_MAX)).map(|text| long_enough(text).into())),
        ("description", body.get("description").and_then(description)),
        ("category", body.get("taskCategory").and_then(Value::as_str).map(|named| category(named).into())),
        ("kind", named(body.get("taskType"), &KINDS, "simple")),
        ("difficulty", named(body.get("difficulty"), &DIFFICULTIES, "medium")),
        ("exp_reward", number("expReward", 5, 100)),
        ("energy_cost", number("requiredEnergyBalls", 1, 5)),
        ("estimated_minutes", number("estimatedDuration", 1, 480)),
        ("due_at", body.get("dueDate").and_then(instant)),
        ("skill_id", reference("skillId", targets.skill)),
        ("goal_id", reference("goalId", targets.goal)),
        ("parent_id", reference("parentTaskId", targets.task)),
        ("tags", set("tags")),
        ("goal_tags", set("goalTags")),
        ("rank", number("order", 0, i32::MAX.into()).and_then(|order| order.as_i64()).map(|n| order::rank(n).into())),
    ];
    found.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?))).collect()
}

/// The fields of a new task. `None`: it has no title at all; a blank one is another matter.
pub fn data(body: &Map<String, Value>, targets: LegacyTargets) -> Option<Map<String, Value>> {
    body.get("title").filter(|sent| sent.is_string() || sent.is_number())?;
    let mut data = fields(body, targets);
    data.entry("title").or_insert_with(|| UNTITLED.into());
    Some(data)
}

/// A title from words that somebody wrote, as long as it may be.
pub fn title(words: &str) -> String {
    text(&Value::from(words.trim()), TITLE_CHARS_MAX).map_or_else(|| UNTITLED.to_owned(), long_enough)
}

/// A title has at least two characters.
fn long_enough(mut title: String) -> String {
    if title.chars().count() < 2 {
        title.push(TOO_SHORT);
    }
    title
}

/// What the legacy server made of names that other clients of it had for categories.
fn category(named: &str) -> &'static str {
    let named = named.trim().to_lowercase();
    match named.as_str() {
        "goal" | "objective" | "project" => "goal",
        "habit" | "daily" | "routine" | "recurring" | "repeat" => "habit",
        named if named.starts_with("main") => "goal",
        _ => "todo",
    }
}

/// One of the names, or `other` for a name that is not known. What is no name says nothing.
fn named(sent: Option<&Value>, names: &[&'static str], other: &'static str) -> Option<Value> {
    let sent = sent.filter(|sent| sent.is_string())?;
    Some(one_of(sent, names).unwrap_or(other).into())
}

fn description(sent: &Value) -> Option<Value> {
    match sent {
        Value::Null | Value::String(_) | Value::Number(_) => {
            Some(text(sent, DESCRIPTION_CHARS_MAX).map_or(Value::Null, Value::from))
        }
        _ => None,
    }
}

fn instant(sent: &Value) -> Option<Value> {
    let at = |sent| moment::read(sent).map(|at| at.clamp(INSTANT_MS_MIN, INSTANT_MS_MAX).into());
    if sent.is_null() { Some(Value::Null) } else { at(sent) }
}

/// A reference to a target: of an id that is nobody's, none.
fn shown(sent: &Value, target: Option<EntityId>) -> Option<Value> {
    let names_something = sent.is_null() || id(sent).is_some();
    names_something.then(|| json!(target))
}

fn tags(sent: &Value) -> Option<Value> {
    let members = match sent {
        Value::Null => &[],
        Value::Array(members) => members.as_slice(),
        _ => return None,
    };
    let mut held = BTreeSet::new();
    for tag in members.iter().filter_map(|tag| text(tag, TAG_CHARS_MAX)) {
        if held.len() < TAGS_MAX {
            held.insert(tag);
        }
    }
    Some(json!(held))
}

#[cfg(test)]
mod tests;
