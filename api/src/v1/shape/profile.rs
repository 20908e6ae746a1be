//! The profile of v1: what the hero says of itself. There is none before it has a name.

use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Map, Value, json};

use super::{Viewer, text, value};
use crate::v1::moment::shown;

/// The profile of the account whose hero this is; null while there is none.
pub fn profile(hero: &LegacyRow, viewer: &Viewer) -> Value {
    let entity = &hero.entity;
    if text(entity, "name").is_empty() {
        return Value::Null;
    }
    json!({
        "id": 1,
        "userId": viewer.user_id,
        "name": value(entity, "name"),
        "age": some_if_said(entity, "age"),
        "occupation": some_if_said(entity, "occupation"),
        "mission": some_if_said(entity, "mission"),
        "hasCompletedOnboarding": value(entity, "onboarded"),
        "hasCompletedTutorial": value(entity, "tutorial_done"),
        "createdAt": shown(entity, "created_at"),
        "updatedAt": shown(entity, "updated_at"),
    })
}

/// A text that the hero holds; null: nothing was said.
fn some_if_said(entity: &Map<String, Value>, field: &str) -> Value {
    if text(entity, field).is_empty() { Value::Null } else { value(entity, field) }
}
