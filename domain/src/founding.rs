//! The founding of a space: its hero and six core skills, by ids that every device and every retry agrees on.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::id::{CommandId, EntityId, SpaceId, TransactionId};

/// The six core skills: name, color, icon, category. The last is the default skill.
pub const CORE_SKILLS: [(&str, &str, &str, &str); 6] = [
    ("身体掌控力", "#EF4444", "fas fa-dumbbell", "Physical Mastery"),
    ("情绪稳定力", "#8B5CF6", "fas fa-heart", "Emotional Resilience"),
    ("心智成长力", "#06B6D4", "fas fa-brain", "Cognitive Agility"),
    ("关系经营力", "#10B981", "fas fa-users", "Relational Intelligence"),
    ("财富掌控力", "#F59E0B", "fas fa-coins", "Financial Wisdom"),
    ("意志执行力", "#DC2626", "fas fa-target", "Purposeful Action"),
];

/// The id of core skill `number` (1 to 6): uuid v5 of the space and `core-skill/<number>`.
pub fn core_skill_id(space: SpaceId, number: usize) -> EntityId {
    EntityId(named(space, &format!("core-skill/{number}")))
}

/// The transaction that founds a space; the same for every attempt.
pub fn transaction_id(space: SpaceId) -> TransactionId {
    TransactionId(named(space, "founding"))
}

/// The id of the founding's command `number`.
pub fn command_id(space: SpaceId, number: usize) -> CommandId {
    CommandId(named(space, &format!("founding/{number}")))
}

/// What the hero is created with.
pub fn hero(time_zone: &str) -> Map<String, Value> {
    object(json!({ "time_zone": time_zone }))
}

/// What a core skill is created with.
pub fn core_skill((name, color, icon, category): (&str, &str, &str, &str)) -> Map<String, Value> {
    object(json!({ "name": name, "color": color, "icon": icon, "category": category, "kind": "core" }))
}

fn named(space: SpaceId, name: &str) -> Uuid {
    Uuid::new_v5(&space.0, name.as_bytes())
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(object) = value { object } else { Map::new() }
}
