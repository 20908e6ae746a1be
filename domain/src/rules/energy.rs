//! Energy balls per local day.

use jiff::civil::Date;

/// How many of `wanted` balls can be taken on `day`.
///
/// The energy day never goes back: an earlier day takes none; a later day starts with nothing spent.
pub fn balls_taken(wanted: i64, day: Date, energy_day: Option<Date>, spent: i64, max: i64) -> i64 {
    let left = match energy_day {
        Some(current) if day < current => 0,
        Some(current) if day == current => (max - spent).max(0),
        _ => max,
    };
    wanted.clamp(0, left.max(0))
}

/// How many of `balls` taken on `day` come back: only while it is still that day, and never below nothing spent.
pub fn balls_given_back(balls: i64, day: Date, energy_day: Option<Date>, spent: i64) -> i64 {
    if energy_day == Some(day) { balls.clamp(0, spent.max(0)) } else { 0 }
}
