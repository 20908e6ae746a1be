//! What a focus session can be spent on, as the timer of v1 lists it.

use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Value, json};

use super::task::is_done;
use super::{Viewer, linked, text, value};

/// Balls that the timer asks for a session on a goal.
const GOAL_BALLS: i64 = 3;
/// Goals have none of their own, and old clients want one that they know.
const GOAL_DIFFICULTY: &str = "medium";

/// A goal, a to-do or a habit in the timer's list; none: it is done.
pub fn available(row: &LegacyRow, viewer: &Viewer) -> Option<Value> {
    let entity = &row.entity;
    let category = text(entity, "category");
    let (kind, balls) = match category {
        "" => ("goal", GOAL_BALLS.into()),
        "habit" => ("habit", value(entity, "energy_cost")),
        _ => ("task", value(entity, "energy_cost")),
    };
    let is_goal = kind == "goal";
    let difficulty = if is_goal { GOAL_DIFFICULTY.into() } else { value(entity, "difficulty") };
    let item = json!({
        "id": value(entity, "legacy_id"),
        "title": value(entity, "title"),
        "type": kind,
        "energyBalls": balls,
        "skillId": linked(row, "skill"),
        "category": if is_goal { Value::Null } else { category.into() },
        "description": "",
        "difficulty": difficulty,
    });
    (is_goal || !is_done(entity, viewer)).then_some(item)
}
