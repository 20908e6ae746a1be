//! What is computed for the reader of a row, beside its columns; those stay as they are stored, so that replicas
//! compare equal. It depends on the hero's local day.

use domain::entity::Kind;
use domain::rules::streak;
use jiff::civil::Date;
use serde_json::{Map, Value};

/// The names of what is computed for a kind.
pub(super) fn names(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Goal => &["progress"],
        Kind::Hero => &["energy_left", "streak_shown"],
        Kind::Task => &["done_today", "streak_shown"],
        Kind::Milestone | Kind::Skill | Kind::Conflict => &[],
    }
}

/// Adds what is computed for a row as a reader sees it on `today`. Only habits have days.
pub(super) fn add(kind: Kind, row: &mut Map<String, Value>, today: Date) {
    let computed: Vec<(&str, Value)> = match kind {
        Kind::Goal => vec![("progress", progress(row).into())],
        Kind::Hero => vec![
            ("energy_left", energy_left(row, today).into()),
            ("streak_shown", streak_shown(row, "last_active_on", today).into()),
        ],
        Kind::Task if row.get("category").is_some_and(|category| category == "habit") => vec![
            ("done_today", (day(row, "last_completed_on") == Some(today)).into()),
            ("streak_shown", streak_shown(row, "last_completed_on", today).into()),
        ],
        Kind::Task | Kind::Milestone | Kind::Skill | Kind::Conflict => Vec::new(),
    };
    row.extend(computed.into_iter().map(|(name, value)| (name.to_owned(), value)));
}

/// 1 when completed, else the part of its milestones that are reached; 0 without milestones.
fn progress(goal: &Map<String, Value>) -> f64 {
    let (done, total) = (count(goal, "milestones_done"), count(goal, "milestones_total"));
    match goal.get("completed_at") {
        Some(at) if !at.is_null() => 1.0,
        _ if total > 0 => done as f64 / total as f64,
        _ => 0.0,
    }
}

/// Balls left on `today`; a new day starts with all of them.
fn energy_left(hero: &Map<String, Value>, today: Date) -> i64 {
    let spent = if day(hero, "energy_day") == Some(today) { count(hero, "energy_spent") } else { 0 };
    (count(hero, "energy_max") - spent).max(0)
}

fn streak_shown(row: &Map<String, Value>, last: &str, today: Date) -> i64 {
    streak::shown(count(row, "streak"), day(row, last), today)
}

fn count(row: &Map<String, Value>, field: &str) -> i64 {
    row.get(field).and_then(Value::as_i64).unwrap_or_default()
}

fn day(row: &Map<String, Value>, field: &str) -> Option<Date> {
    row.get(field)?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    fn computed(kind: Kind, row: Value) -> Map<String, Value> {
        let Value::Object(mut row) = row else { unreachable!() };
        add(kind, &mut row, date(2026, 10, 24));
        row.retain(|name, _| names(kind).contains(&name.as_str()));
        row
    }

    #[test]
    fn a_goals_progress_is_that_of_its_milestones() {
        for (goal, progress) in [
            (json!({ "completed_at": 5, "milestones_done": 0, "milestones_total": 4 }), 1.0),
            (json!({ "completed_at": null, "milestones_done": 1, "milestones_total": 4 }), 0.25),
            (json!({ "completed_at": null, "milestones_done": 0, "milestones_total": 0 }), 0.0),
        ] {
            assert_eq!(Value::Object(computed(Kind::Goal, goal)), json!({ "progress": progress }));
        }
    }

    #[test]
    fn a_new_day_brings_new_energy_and_a_missed_one_ends_the_streak() {
        let hero = |energy_day: &str, last: &str| {
            computed(
                Kind::Hero,
                json!({ "energy_max": 18, "energy_spent": 5, "energy_day": energy_day, "streak": 3, "last_active_on": last }),
            )
        };
        let expected = |left: i64, streak: i64| json!({ "energy_left": left, "streak_shown": streak });
        assert_eq!(Value::Object(hero("2026-10-24", "2026-10-24")), expected(13, 3));
        assert_eq!(Value::Object(hero("2026-10-23", "2026-10-23")), expected(18, 3));
        assert_eq!(Value::Object(hero("2026-10-20", "2026-10-22")), expected(18, 0));
    }

    #[test]
    fn only_a_habit_is_done_today() {
        let task = |category: &str, last: Value| {
            Value::Object(computed(Kind::Task, json!({ "category": category, "streak": 2, "last_completed_on": last })))
        };
        assert_eq!(task("habit", json!("2026-10-24")), json!({ "done_today": true, "streak_shown": 2 }));
        assert_eq!(task("habit", json!("2026-10-23")), json!({ "done_today": false, "streak_shown": 2 }));
        assert_eq!(task("habit", json!(null)), json!({ "done_today": false, "streak_shown": 0 }));
        assert_eq!(task("todo", json!(null)), json!({}));
    }
}
