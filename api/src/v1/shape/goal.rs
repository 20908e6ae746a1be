//! A goal of v1, with its milestones.

use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Map, Value, json};

use super::{Viewer, count, is_set, linked, value};
use crate::v1::moment::shown;
use crate::v1::shape::milestone::fields;

/// The goal.
pub fn goal(row: &LegacyRow, viewer: &Viewer) -> Value {
    let entity = &row.entity;
    json!({
        "id": value(entity, "legacy_id"),
        "userId": viewer.user_id,
        "title": value(entity, "title"),
        "description": value(entity, "description"),
        "completed": is_set(entity, "completed_at"),
        "completedAt": shown(entity, "completed_at"),
        "progress": progress(entity),
        "status": value(entity, "status"),
        "priority": value(entity, "priority"),
        "targetDate": shown(entity, "target_at"),
        "parentGoalId": linked(row, "parent"),
        "skillId": linked(row, "skill"),
        "expReward": value(entity, "exp_reward"),
        "createdAt": shown(entity, "created_at"),
        "updatedAt": shown(entity, "updated_at"),
        "milestones": milestones(row, viewer),
    })
}

/// The milestones that came with a goal, in their order.
pub fn milestones(row: &LegacyRow, viewer: &Viewer) -> Vec<Value> {
    let goal_id = value(&row.entity, "legacy_id");
    let milestones = row.linked.get("milestones").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let milestones = milestones.iter().filter_map(Value::as_object).zip(0..);
    milestones.map(|(milestone, order)| fields(milestone, &goal_id, order, viewer)).collect()
}

/// 1 when completed, else the part of its milestones that are reached; 0 without milestones.
fn progress(entity: &Map<String, Value>) -> f64 {
    let (done, total) = (count(entity, "milestones_done"), count(entity, "milestones_total"));
    match is_set(entity, "completed_at") {
        true => 1.0,
        false if total > 0 => done as f64 / total as f64,
        false => 0.0,
    }
}
