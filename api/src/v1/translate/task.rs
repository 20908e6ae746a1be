//! A task of v1 as the fields of v2.

use std::collections::BTreeSet;

use domain::entity::text::numbered_rank;
use domain::limits::{TAG_CHARS_MAX, TAGS_MAX};
use infrastructure::postgres::legacy::{LegacyNames, LegacyTargets};
use serde_json::{Map, Value, json};

use super::put;
use super::words::{date, name_of, new_title, note, reference, title};
use crate::problem::Problem;
use crate::v1::clamp::{id, number, text};

const SIMPLE: &str = "simple";
const KINDS: [&str; 4] = ["main", "stage", "daily", SIMPLE];
const MEDIUM: &str = "medium";
const DIFFICULTIES: [&str; 4] = ["trivial", "easy", MEDIUM, "hard"];

/// The integer ids that a body names.
pub fn names(body: &Map<String, Value>) -> LegacyNames {
    let named = |field: &str| body.get(field).and_then(id);
    LegacyNames { skill: named("skillId"), goal: named("goalId"), task: named("parentTaskId") }
}

/// The fields of v2 that a body speaks of; `targets` are the entities that it names. A blank title, or anything else that
/// says nothing, is left out.
pub fn fields(body: &Map<String, Value>, targets: LegacyTargets) -> Map<String, Value> {
    let sent = |member: &str| body.get(member);
    let count = |member: &str, min, max| sent(member).and_then(|sent| number(sent, min, max));
    let mut fields = Map::new();
    put(&mut fields, "title", sent("title").and_then(title));
    put(&mut fields, "description", sent("description").and_then(note));
    put(&mut fields, "category", sent("taskCategory").and_then(Value::as_str).map(category));
    put(&mut fields, "kind", sent("taskType").and_then(|kind| name_of(kind, &KINDS, SIMPLE)));
    put(&mut fields, "difficulty", sent("difficulty").and_then(|name| name_of(name, &DIFFICULTIES, MEDIUM)));
    put(&mut fields, "exp_reward", count("expReward", 5, 100));
    put(&mut fields, "energy_cost", count("requiredEnergyBalls", 1, 5));
    put(&mut fields, "estimated_minutes", count("estimatedDuration", 1, 480));
    put(&mut fields, "due_at", sent("dueDate").and_then(date));
    put(&mut fields, "skill_id", sent("skillId").and_then(|id| reference(id, targets.skill)));
    put(&mut fields, "goal_id", sent("goalId").and_then(|id| reference(id, targets.goal)));
    put(&mut fields, "parent_id", sent("parentTaskId").and_then(|id| reference(id, targets.task)));
    put(&mut fields, "tags", sent("tags").and_then(tags));
    put(&mut fields, "goal_tags", sent("goalTags").and_then(tags));
    put(&mut fields, "rank", count("order", 0, i32::MAX.into()).map(numbered_rank));
    fields
}

/// The fields of a new task.
///
/// # Errors
/// `fields_invalid`: it has no title at all; a blank one is another matter.
pub fn data(body: &Map<String, Value>, targets: LegacyTargets) -> Result<Map<String, Value>, Problem> {
    let title = new_title(body)?;
    let mut data = fields(body, targets);
    data.insert("title".to_owned(), title.into());
    Ok(data)
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
