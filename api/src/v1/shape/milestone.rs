//! A milestone of v1: with the names of its own routes, which are in both spellings.

use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Map, Value, json};

use super::{Viewer, count, is_set, linked, value};
use crate::v1::moment::shown;

/// The milestone.
pub fn milestone(row: &LegacyRow, viewer: &Viewer) -> Value {
    fields(&row.entity, &linked(row, "goal"), count(&row.linked, "order"), viewer)
}

/// The milestone of a goal with this integer id, at this place among its milestones.
pub(super) fn fields(entity: &Map<String, Value>, goal_id: &Value, order: i64, viewer: &Viewer) -> Value {
    let completed = is_set(entity, "completed_at");
    json!({
        "id": value(entity, "legacy_id"),
        "userId": viewer.user_id,
        "user_id": viewer.user_id,
        "goalId": goal_id,
        "goal_id": goal_id,
        "title": value(entity, "title"),
        "description": value(entity, "description"),
        "completed": completed,
        "completedAt": shown(entity, "completed_at"),
        "progress": i32::from(completed),
        "order": order,
        "createdAt": shown(entity, "created_at"),
    })
}
