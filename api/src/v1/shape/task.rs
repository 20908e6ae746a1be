//! A task of v1. A habit is completed when it is done today: the server's day, in the hero's zone.

use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Map, Value, json};

use super::{Viewer, count, is_set, linked, text, value};
use crate::v1::moment::shown;
use crate::v1::order::order;

/// The task.
pub fn task(row: &LegacyRow, viewer: &Viewer) -> Value {
    let entity = &row.entity;
    let (completed, completed_at) = completion(entity, viewer);
    json!({
        "id": value(entity, "legacy_id"),
        "userId": viewer.user_id,
        "title": value(entity, "title"),
        "description": value(entity, "description"),
        "completed": completed,
        "completedAt": completed_at,
        "taskCategory": value(entity, "category"),
        "taskType": value(entity, "kind"),
        "difficulty": value(entity, "difficulty"),
        "expReward": value(entity, "exp_reward"),
        "requiredEnergyBalls": value(entity, "energy_cost"),
        "estimatedDuration": value(entity, "estimated_minutes"),
        "skillId": linked(row, "skill"),
        "goalId": linked(row, "goal"),
        "parentTaskId": linked(row, "parent"),
        "goalTags": some_if_not_empty(value(entity, "goal_tags")),
        "tags": value(entity, "tags"),
        "order": order(text(entity, "rank")),
        "createdAt": shown(entity, "created_at"),
        "updatedAt": shown(entity, "updated_at"),
        "lastCompletedAt": shown(entity, "last_completed_at"),
        "completionCount": count(entity, "completion_count"),
        "accumulatedTime": count(entity, "focus_minutes"),
        "actualDuration": some_if_any(count(entity, "focus_minutes")),
        "actualEnergyBalls": some_if_any(count(entity, "focus_energy")),
        "pomodoroCycles": count(entity, "focus_cycles"),
        "pomodoroSessionId": null,
        "startedAt": null,
        "battleStartTime": null,
        "battleEndTime": null,
        "skills": [],
        "microTasks": [],
        "dueDate": shown(entity, "due_at"),
        "priority": 1,
    })
}

/// Whether it is done, and since when.
fn completion(entity: &Map<String, Value>, viewer: &Viewer) -> (bool, Value) {
    if text(entity, "category") != "habit" {
        return (is_done(entity, viewer), shown(entity, "completed_at"));
    }
    let done_today = is_done(entity, viewer);
    (done_today, if done_today { shown(entity, "last_completed_at") } else { Value::Null })
}

/// Whether it is done: a habit today, anything else at all.
pub(super) fn is_done(entity: &Map<String, Value>, viewer: &Viewer) -> bool {
    match text(entity, "category") {
        "habit" => text(entity, "last_completed_on") == viewer.today.to_string(),
        _ => is_set(entity, "completed_at"),
    }
}

fn some_if_any(amount: i64) -> Value {
    if amount == 0 { Value::Null } else { amount.into() }
}

fn some_if_not_empty(set: Value) -> Value {
    if set.as_array().is_some_and(Vec::is_empty) { Value::Null } else { set }
}
