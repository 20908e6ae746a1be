//! Derived values out of range are brought into it; what a person wrote never is.

use domain::limits::{INSTANT_MS_MAX, INSTANT_MS_MIN};

use super::format::{DayLine, EntityLine};
use super::limits::COUNTER_MAX;

/// Brings creation and counters into their range; what was out of it.
pub(super) fn clamp(line: &mut EntityLine) -> Vec<(String, &'static str, String)> {
    let mut found = Vec::new();
    let mut hold = |pointer: String, value: &mut i64, min: i64, max: i64| {
        if *value != (*value).clamp(min, max) {
            let message = format!("{value} is brought into {min} to {max}");
            *value = (*value).clamp(min, max);
            found.push((pointer, "out_of_range", message));
        }
    };
    hold("/created_at".to_owned(), &mut line.created_at, INSTANT_MS_MIN, INSTANT_MS_MAX);
    if let Some(at) = &mut line.kept.completed_at {
        hold("/kept/completed_at".to_owned(), at, INSTANT_MS_MIN, INSTANT_MS_MAX);
    }
    for (name, counter) in line.kept.counters() {
        hold(format!("/kept/{name}"), counter, 0, COUNTER_MAX);
    }
    if let Some(done) = &mut line.kept.completion {
        hold("/kept/completion/moment".to_owned(), &mut done.moment, INSTANT_MS_MIN, INSTANT_MS_MAX);
        hold("/kept/completion/xp".to_owned(), &mut done.xp, 0, COUNTER_MAX);
        hold("/kept/completion/balls".to_owned(), &mut done.balls, 0, COUNTER_MAX);
    }
    found
}

/// Brings a day into its range; whether it was out of it.
pub(super) fn clamp_day(day: &mut DayLine) -> bool {
    let before = day.clone();
    for counter in [&mut day.completions, &mut day.minutes, &mut day.balls, &mut day.xp] {
        *counter = (*counter).clamp(0, COUNTER_MAX);
    }
    if let Some(done) = &mut day.completion {
        done.day = day.day;
        done.moment = done.moment.clamp(INSTANT_MS_MIN, INSTANT_MS_MAX);
        (done.xp, done.balls) = (done.xp.clamp(0, COUNTER_MAX), done.balls.clamp(0, COUNTER_MAX));
    }
    before != *day
}
