//! The stats of v1: the hero's totals, as they are today.

use domain::rules::day::day_start;
use domain::rules::streak;
use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Value, json};

use super::{Viewer, count, text, value};
use crate::v1::moment;

/// The stats of the account whose hero this is.
pub fn stats(hero: &LegacyRow, viewer: &Viewer) -> Value {
    let entity = &hero.entity;
    let today = viewer.today.to_string();
    let spent = if text(entity, "energy_day") == today { count(entity, "energy_spent") } else { 0 };
    let last_active_on = text(entity, "last_active_on").parse().ok();
    json!({
        "id": 1,
        "userId": viewer.user_id,
        "level": value(entity, "level"),
        "experience": value(entity, "xp_in_level"),
        "experienceToNext": value(entity, "xp_to_next"),
        "energyBalls": (count(entity, "energy_max") - spent).max(0),
        "maxEnergyBalls": value(entity, "energy_max"),
        "energyBallDuration": value(entity, "ball_minutes"),
        "energyPeakStart": value(entity, "peak_start"),
        "energyPeakEnd": value(entity, "peak_end"),
        "streak": streak::shown(count(entity, "streak"), last_active_on, viewer.today),
        "totalTasksCompleted": value(entity, "tasks_completed"),
        "lastEnergyReset": day_start(viewer.today, &viewer.time_zone).and_then(moment::text),
        "createdAt": moment::shown(entity, "created_at"),
        "updatedAt": moment::shown(entity, "updated_at"),
    })
}
