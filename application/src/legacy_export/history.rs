//! What was done: lines of the log that came from the legacy system as they were, what was done here in its words, and
//! the days of the hero as day reports.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::Row;
use super::ids::{Ids, Numbers};
use super::rows::moment;

/// Something that was done.
#[derive(Clone, Debug)]
pub struct ExportedActivity {
    /// The number of its line in the legacy log; `None`: it was done here.
    pub line: Option<i64>,
    /// When, Unix ms.
    pub at: i64,
    /// The action.
    pub action: String,
    /// The kind of what it was done with.
    pub entity: String,
    /// The integer that that has here.
    pub number: Option<i64>,
    /// The integer of the skill that it was for.
    pub skill: Option<i64>,
    /// What it was called.
    pub title: String,
    /// XP granted.
    pub xp: i64,
    /// Balls taken.
    pub balls: i64,
    /// Minutes spent.
    pub minutes: i64,
    /// Finished cycles.
    pub cycles: i64,
    /// What the legacy log said of it.
    pub legacy: Option<Value>,
}

/// A day of the hero.
#[derive(Clone, Copy, Debug)]
pub struct ExportedDay {
    /// Which.
    pub day: Date,
    /// Tasks and habits completed.
    pub completions: i64,
    /// Minutes of focus.
    pub minutes: i64,
    /// Balls taken.
    pub balls: i64,
}

/// The lines of the log.
pub(super) fn log(
    all: &[ExportedActivity],
    user: &str,
    (tasks, skills): (&Numbers, &Numbers),
    ids: &mut Ids,
) -> Vec<Row> {
    let line = |one: &ExportedActivity| {
        let (action, details) = words(one)?;
        let task = one.number.filter(|_| one.entity == "task").and_then(|number| tasks.get(&number));
        let skill = one.skill.and_then(|number| skills.get(&number));
        let row = json!({
            "id": one.line.unwrap_or_else(|| ids.next()), "user_id": user, "created_at": moment(one.at),
            "task_id": task, "skill_id": skill, "exp_gained": one.xp, "action": action, "details": details,
        });
        if let Value::Object(row) = row { Some(row) } else { None }
    };
    all.iter().filter_map(line).collect()
}

/// Action and details in the words of the legacy log; `None`: it has none for that.
fn words(one: &ExportedActivity) -> Option<(Value, Value)> {
    if let Some(legacy) = &one.legacy {
        return Some((legacy.get("action").cloned()?, legacy.get("details").cloned().unwrap_or_default()));
    }
    let action = match (one.action.as_str(), one.entity.as_str()) {
        ("completed", "task") => "task_completed",
        ("uncompleted", "task") => "task_uncompleted",
        ("focused", "task") => "pomodoro_complete",
        ("focused", "goal") => "goal_pomodoro_complete",
        ("completed", "goal") => "goal_completed",
        ("completed", "milestone") => "milestone_completed",
        ("level_up", "hero") => "level_up",
        ("level_up", "skill") => "skill_levelup",
        _ => return None,
    };
    let details = json!({
        "description": one.title, "duration": one.minutes, "energyBalls": one.balls, "cycles": one.cycles,
    });
    Some((action.into(), details))
}

/// The days as reports; one that came with an id keeps it.
pub(super) fn reports(days: &[ExportedDay], came: &[Row], user: &str, ids: &mut Ids) -> Vec<Row> {
    let mut by_day: HashMap<String, &Row> = HashMap::new();
    for row in came {
        let date = row.get("date").and_then(Value::as_str).unwrap_or_default();
        by_day.entry(date.chars().take(10).collect()).or_insert(row);
    }
    let report = |day: &ExportedDay| {
        let known = by_day.get(&day.day.to_string()).copied();
        let mut row = known.cloned().unwrap_or_default();
        let id = known.and_then(|known| known.get("id").cloned()).unwrap_or_else(|| ids.next().into());
        let at = day.day.to_datetime(jiff::civil::Time::midnight());
        let more = json!({
            "id": id, "user_id": user, "date": at.to_string(), "total_battle_time": day.minutes,
            "energy_balls_consumed": day.balls, "tasks_completed": day.completions,
        });
        for (name, value) in [("pomodoro_cycles", json!(0)), ("task_details", json!([]))] {
            row.entry(name).or_insert(value);
        }
        for name in ["created_at", "updated_at"] {
            row.entry(name).or_insert_with(|| at.to_string().into());
        }
        if let Value::Object(more) = more {
            row.extend(more);
        }
        row
    };
    days.iter().map(report).collect()
}

/// A moment without a zone, in UTC, as the legacy system writes it.
pub(super) fn text(ms: i64) -> Option<String> {
    let moment = Timestamp::from_millisecond(ms).ok()?;
    Some(format!("{:.3}", moment.to_zoned(jiff::tz::TimeZone::UTC).datetime()))
}
