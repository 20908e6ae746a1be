//! A skill of v1: its experience is what it has gathered inside its level.

use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Value, json};

use super::{Viewer, count, linked, value};

/// The greatest number that old clients hold.
const INT32_MAX: i64 = i32::MAX as i64;

/// The skill.
pub fn skill(row: &LegacyRow, viewer: &Viewer) -> Value {
    let entity = &row.entity;
    json!({
        "id": value(entity, "legacy_id"),
        "userId": viewer.user_id,
        "name": value(entity, "name"),
        "level": value(entity, "level"),
        // From level 43 on a level takes more than that.
        "exp": count(entity, "xp_in_level").min(INT32_MAX),
        "maxExp": count(entity, "xp_to_next").min(INT32_MAX),
        "color": value(entity, "color"),
        "icon": value(entity, "icon"),
        "skillType": value(entity, "kind"),
        "category": value(entity, "category"),
        "talentPoints": value(entity, "talent_points"),
        "prestige": value(entity, "prestige"),
        "unlocked": value(entity, "unlocked"),
        "prerequisites": linked(row, "prerequisites"),
    })
}
