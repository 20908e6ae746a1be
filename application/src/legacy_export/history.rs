//! What was done: lines of the log that came from the legacy system as they were, what was done here in its words, and
//! the days of the hero as day reports.

use std::collections::HashMap;

use domain::id::EntityId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::ids::{line_id, report_id};
use super::rows::{extend, listed, moment, object};
use super::{ExportedAccount, Outgoing, Row};
use crate::legacy_import::midnight_of;

/// Something that was done.
#[derive(Clone, Debug)]
pub struct ExportedActivity {
    /// Where it stands in the log of the space.
    pub position: i64,
    /// The number of its line in the legacy log; `None`: it was done here.
    pub line: Option<i64>,
    /// When, Unix ms.
    pub at: i64,
    /// The action.
    pub action: String,
    /// The kind of what it was done with.
    pub entity: String,
    /// What it was done with.
    pub of: EntityId,
    /// The skill that it was for.
    pub skill: Option<EntityId>,
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
pub(super) fn log(account: &ExportedAccount) -> Vec<Outgoing> {
    let line = |one: &ExportedActivity| {
        let (action, details) = words(one)?;
        let task = Some(one.of).filter(|_| one.entity == "task");
        let mut row = object(json!({
            "user_id": account.user_id, "created_at": moment(one.at), "exp_gained": one.xp, "action": action,
            "details": details,
        }));
        row.extend(one.line.map(|line| ("id".to_owned(), json!(line))));
        let name = |id: Option<EntityId>| id.map(|id| id.0.to_string());
        let links = object(json!({ "task_id": name(task), "skill_id": name(one.skill) }));
        Some(Outgoing { entity: line_id(account.space, one.position), row, links })
    };
    account.activity.iter().filter_map(line).collect()
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
pub(super) fn reports(account: &ExportedAccount) -> Vec<Outgoing> {
    let came = listed(&account.hero_extras, "daily_battle_reports");
    let mut by_day: HashMap<Date, &Row> = HashMap::new();
    for row in &came {
        if let Some(day) = midnight_of(row, "date") {
            by_day.entry(day).or_insert(row);
        }
    }
    let report = |day: &ExportedDay| {
        let mut row = by_day.get(&day.day).copied().cloned().unwrap_or_default();
        let at = day.day.to_datetime(jiff::civil::Time::midnight()).to_string();
        extend(
            &mut row,
            json!({
                "user_id": account.user_id, "date": at, "total_battle_time": day.minutes,
                "energy_balls_consumed": day.balls, "tasks_completed": day.completions,
            }),
        );
        for (name, value) in [
            ("pomodoro_cycles", json!(0)),
            ("task_details", json!([])),
            ("created_at", json!(at)),
            ("updated_at", json!(at)),
        ] {
            row.entry(name).or_insert(value);
        }
        Outgoing { entity: report_id(account.space, day.day), row, links: Row::new() }
    };
    account.days.iter().map(report).collect()
}

/// A moment without a zone, in UTC, as the legacy system writes it.
pub(super) fn text(ms: i64) -> Option<String> {
    let moment = Timestamp::from_millisecond(ms).ok()?;
    Some(format!("{:.3}", moment.to_zoned(jiff::tz::TimeZone::UTC).datetime()))
}
