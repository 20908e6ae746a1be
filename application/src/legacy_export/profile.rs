//! The account itself and its hero: who signs in, what the hero says of itself, and its totals.

use serde_json::{Map, Value, json};

use super::rows::{at, extend, int, listed, some};
use super::{ExportedAccount, Outgoing, Row};

/// The row of `users`.
pub(super) fn user(account: &ExportedAccount) -> Outgoing {
    let mut row = account.user.clone();
    for name in ["deletion_requested_at", "deletion_scheduled_for", "created_at"] {
        let at = at(&account.user, name);
        row.insert(name.to_owned(), at);
    }
    row.insert("id".to_owned(), json!(account.user_id));
    Outgoing { entity: account.space.0, row, links: Row::new() }
}

/// The row of `user_profiles`: over the newest that came.
pub(super) fn profile(account: &ExportedAccount) -> Vec<Outgoing> {
    let hero = &account.hero;
    let name = hero.get("name").and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() {
        return Vec::new();
    }
    let came = listed(&account.hero_extras, "user_profiles");
    let mut row = came.into_iter().max_by_key(updated).unwrap_or_default();
    extend(
        &mut row,
        json!({
            "user_id": account.user_id, "name": name, "age": some(hero, "age"),
            "occupation": some(hero, "occupation"), "mission": some(hero, "mission"),
            "has_completed_onboarding": hero.get("onboarded"), "has_completed_tutorial": hero.get("tutorial_done"),
            "updated_at": at(hero, "updated_at"),
        }),
    );
    let created = at(hero, "created_at");
    row.entry("created_at").or_insert(created);
    vec![Outgoing { entity: account.space.0, row, links: Row::new() }]
}

/// The row of `user_stats`.
pub(super) fn stats(account: &ExportedAccount) -> Vec<Outgoing> {
    let hero = &account.hero;
    if hero.is_empty() {
        return Vec::new();
    }
    let mut row = match account.hero_extras.get("user_stats") {
        Some(Value::Object(row)) => row.clone(),
        _ => Map::new(),
    };
    let (max, spent) = (int(hero, "energy_max").unwrap_or(18), int(hero, "energy_spent").unwrap_or(0));
    let reset = hero.get("energy_day").and_then(Value::as_str).map(|day| format!("{day}T00:00:00"));
    extend(
        &mut row,
        json!({
            "user_id": account.user_id, "level": hero.get("level"), "experience": hero.get("xp_in_level"),
            "experience_to_next": hero.get("xp_to_next"), "energy_balls": (max - spent).max(0),
            "max_energy_balls": max, "energy_ball_duration": hero.get("ball_minutes"),
            "energy_peak_start": hero.get("peak_start"), "energy_peak_end": hero.get("peak_end"),
            "streak": hero.get("streak"), "total_tasks_completed": hero.get("tasks_completed"),
            "last_energy_reset": reset, "created_at": at(hero, "created_at"), "updated_at": at(hero, "updated_at"),
        }),
    );
    vec![Outgoing { entity: account.space.0, row, links: Row::new() }]
}

fn updated(row: &Row) -> String {
    row.get("updated_at").and_then(Value::as_str).unwrap_or_default().to_owned()
}
