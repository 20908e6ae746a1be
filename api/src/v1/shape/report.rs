//! The battle report of a day, as v1 calls what the hero did on it, and several of them added up.

use domain::rules::day::{day_start, days_between};
use infrastructure::postgres::legacy::{LegacyDay, LegacyPart};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::Viewer;
use crate::v1::moment;

/// Ids of days that were brought from elsewhere count from here.
const FIRST_DAY: Date = date(1970, 1, 1);

/// The report of a day; zeros without an id, if nothing was done on it.
pub fn report(day: Date, done: Option<&LegacyDay>, viewer: &Viewer) -> Value {
    let Some(done) = done.filter(|done| is_something(done)) else {
        return json!({
            "date": label(day),
            "totalBattleTime": 0,
            "energyBallsConsumed": 0,
            "tasksCompleted": 0,
            "pomodoroCycles": 0,
            "taskDetails": [],
        });
    };
    let moment = |at: Option<i64>| at.and_then(moment::text).or_else(|| label(day));
    json!({
        "id": done.last_position.unwrap_or_else(|| days_between(FIRST_DAY, day)),
        "userId": viewer.user_id,
        "date": label(day),
        "totalBattleTime": done.minutes,
        "energyBallsConsumed": done.balls,
        "tasksCompleted": done.completions,
        "pomodoroCycles": done.cycles,
        "taskDetails": done.parts.iter().filter(|part| amounts(part) != [0; 3]).map(detail).collect::<Vec<_>>(),
        "createdAt": moment(done.began_at),
        "updatedAt": moment(done.ended_at),
    })
}

/// Some days, the latest first, and what they add up to.
pub fn summary(days: &[LegacyDay], viewer: &Viewer) -> Value {
    let days: Vec<&LegacyDay> = days.iter().filter(|day| is_something(day)).collect();
    let sum = |amount: fn(&LegacyDay) -> i64| days.iter().map(|day| amount(day)).sum::<i64>();
    let (minutes, balls) = (sum(|day| day.minutes), sum(|day| day.balls));
    json!({
        "totalDays": days.len(),
        "totalBattleTime": minutes,
        "totalEnergyBalls": balls,
        "totalTasksCompleted": sum(|day| day.completions),
        "totalPomodoroCycles": sum(|day| day.cycles),
        "dailyReports": days.iter().map(|day| report(day.day, Some(day), viewer)).collect::<Vec<_>>(),
        "averageBattleTime": average(minutes, days.len()),
        "averageEnergyBalls": average(balls, days.len()),
    })
}

/// What was taken back leaves nothing.
fn is_something(day: &LegacyDay) -> bool {
    [day.completions, day.minutes, day.balls, day.cycles] != [0; 4]
}

fn amounts(part: &LegacyPart) -> [i64; 3] {
    [part.minutes, part.balls, part.cycles]
}

fn detail(part: &LegacyPart) -> Value {
    json!({
        "taskId": part.legacy_id,
        "taskTitle": part.title,
        "battleTime": part.minutes,
        "energyBalls": part.balls,
        "cycles": part.cycles,
    })
}

/// A day of v1 is a moment, the first of that day in UTC, whatever the hero's zone: a label.
fn label(day: Date) -> Option<String> {
    day_start(day, "UTC").and_then(moment::text)
}

/// To the nearest whole number; 0 of nothing.
fn average(sum: i64, count: usize) -> i64 {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if count == 0 { 0 } else { (2 * sum + count).div_euclid(2 * count) }
}
