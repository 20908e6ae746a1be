//! The hero: profile and totals.

use domain::hero::HeroImport;
use domain::rules::day::local_day;
use domain::rules::level::{hero_reach, hero_standing};
use jiff::civil::{Date, Time};
use serde_json::{Map, Value, json};

use super::columns::{civil, key, moment};
use super::map::Mapping;
use super::notes::{About, Fate};
use super::person::{profile, says};
use super::skills::held;
use super::source::Row;
use super::words::Reading;
use crate::transfer::state::COUNTER_MAX;

/// The highest level whose XP can be held.
const LEVEL_MAX: i64 = 100_000;

/// Takes profile and totals over.
pub(super) fn map(mapping: &mut Mapping<'_>) {
    let account = mapping.account;
    if let Some(row) = profile(account, &mut mapping.notes) {
        let about = About { table: "user_profiles", row: key(row, "id").unwrap_or_default() };
        let mut reading = Reading { row, about, notes: &mut mapping.notes };
        let settings = profile_fields(&mut reading);
        mapping.mapped.settings.extend(settings);
    }
    let stats = account.rows("user_stats").iter().max_by_key(|row| moment(row, "updated_at"));
    mapping.mapped.totals = stats.map(|row| totals(mapping, row)).unwrap_or_default();
    mapping.mapped.totals.created_at = Some(mapping.mapped.person.created_at);
    mapping.mapped.totals.extras = extras(mapping, stats);
}

fn profile_fields(reading: &mut Reading<'_>) -> Map<String, Value> {
    let mut fields = Map::new();
    for (column, max) in [("name", 200), ("age", 20), ("occupation", 100), ("mission", 500)] {
        fields.extend(reading.short(column, max).map(|text| (column.to_owned(), json!(text))));
    }
    for (column, field) in [("has_completed_onboarding", "onboarded"), ("has_completed_tutorial", "tutorial_done")] {
        if says(reading.row, column) {
            fields.insert(field.to_owned(), json!(true));
        }
    }
    fields
}

fn totals(mapping: &mut Mapping<'_>, row: &Row) -> HeroImport {
    let about = About { table: "user_stats", row: key(row, "id").unwrap_or_default() };
    let mut reading = Reading { row, about, notes: &mut mapping.notes };
    let mut settings = Map::new();
    for (column, field, min, max) in [
        ("max_energy_balls", "energy_max", 1, 48),
        ("energy_ball_duration", "ball_minutes", 5, 60),
        ("energy_peak_start", "peak_start", 0, 23),
        ("energy_peak_end", "peak_end", 0, 23),
    ] {
        settings.extend(reading.number(column, min, max).map(|number| (field.to_owned(), json!(number))));
    }
    let xp = gathered(&mut reading);
    let tasks_completed = completed(&mut reading);
    let max = settings.get("energy_max").and_then(Value::as_i64).unwrap_or(18);
    let left = reading.number("energy_balls", 0, max).unwrap_or(max);
    let energy = energy_day(&mut reading, mapping.time_zone, mapping.now).map(|day| (day, max - left));
    mapping.mapped.settings.extend(settings);
    HeroImport { xp, tasks_completed, energy, ..HeroImport::default() }
}

/// Lifetime XP.
pub(super) fn gathered(reading: &mut Reading<'_>) -> i64 {
    let level = reading.number("level", 1, LEVEL_MAX).unwrap_or(1);
    let gathered = reading.number("experience", 0, COUNTER_MAX / 2).unwrap_or_default();
    let need = hero_standing(hero_reach(level)).xp_to_next;
    let gathered = held(reading, gathered, ("experience", "experience_to_next"), need);
    let xp = hero_reach(level).saturating_add(gathered);
    if hero_standing(xp).level != level {
        let message = format!("the XP beyond level {level} make it level {}", hero_standing(xp).level);
        reading.notes.add(&reading.about, Some("experience"), (Fate::Noted, "level_risen"), message);
    }
    xp
}

/// Tasks completed, as the counter of the row says.
pub(super) fn completed(reading: &mut Reading<'_>) -> i64 {
    reading.number("total_tasks_completed", 0, COUNTER_MAX).unwrap_or_default()
}

/// The day that the energy is of: that of its last reset, else of the last that is known of the row. A reset at midnight
/// names a day and no moment.
fn energy_day(reading: &mut Reading<'_>, time_zone: &str, now: i64) -> Option<Date> {
    let today = local_day(now, time_zone);
    let reset = civil(reading.row, "last_energy_reset").filter(|reset| reset.time() == Time::midnight());
    if let Some(reset) = reset {
        return Some(reset.date().min(today));
    }
    let at = reading.past("last_energy_reset", now);
    let at = at.or_else(|| moment(reading.row, "updated_at").filter(|at| *at <= now));
    at.map(|at| local_day(at, time_zone))
}

/// What only the legacy system has a place for: the raw totals, the day reports and what became one with a core skill.
fn extras(mapping: &mut Mapping<'_>, stats: Option<&Row>) -> Map<String, Value> {
    let mut extras = Map::new();
    extras.extend(stats.map(|row| ("user_stats".to_owned(), json!(row))));
    let profile = mapping.account.rows("user_profiles");
    let rows: [(&str, &[Row]); 4] = [
        ("user_profiles", profile),
        ("daily_battle_reports", mapping.account.rows("daily_battle_reports")),
        ("core_skills", &mapping.core_rows),
        ("merged_skills", &mapping.doubles),
    ];
    let some = rows.into_iter().filter(|(_, rows)| !rows.is_empty());
    extras.extend(some.map(|(name, rows)| (name.to_owned(), json!(rows))));
    let row = key(&mapping.account.user, "id").unwrap_or_default();
    let (no_row, about) = (Row::new(), About { table: "users", row });
    Reading { row: &no_row, about, notes: &mut mapping.notes }.held(extras)
}
