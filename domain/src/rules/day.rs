//! Local days: which calendar day a moment is in a person's time zone.

use jiff::civil::{Date, Time, date};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Unit};

/// The zone of an unknown name never gets this far (fields are validated); were it to, UTC stands in.
fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Whether `name` is an IANA time zone of the bundled database.
pub fn is_time_zone(name: &str) -> bool {
    // `Etc/Unknown` is jiff's name for none.
    name != "Etc/Unknown" && TimeZone::get(name).is_ok_and(|zone| zone.iana_name() == Some(name))
}

/// The earliest day: stores of dates know no year 0.
const FIRST_DAY: Date = date(1, 1, 1);

/// The local day of `moment_ms` (Unix ms) in the zone `time_zone`. Moments outside the range of instants are held in it.
pub fn local_day(moment_ms: i64, time_zone: &str) -> Date {
    at(moment_ms).to_zoned(zone(time_zone)).date().max(FIRST_DAY)
}

/// The first moment (Unix ms) after `moment_ms` at which a later local day has begun.
pub fn next_day_starts(moment_ms: i64, time_zone: &str) -> i64 {
    let (now, zone) = (at(moment_ms), zone(time_zone));
    let tomorrow = now.to_zoned(zone.clone()).date().tomorrow().ok();
    tomorrow.and_then(|day| begins(day, &zone, now)).map_or(i64::MAX, Timestamp::as_millisecond)
}

/// The first moment (Unix ms) of a local day, or of the next that the zone has; `None` beyond the calendar.
pub fn day_start(day: Date, time_zone: &str) -> Option<i64> {
    begins(day, &zone(time_zone), Timestamp::MIN).map(Timestamp::as_millisecond)
}

/// When `day`, or where the zone skipped it the one after, begins; `None` beyond the calendar.
fn begins(day: Date, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let midnight = day.to_datetime(Time::midnight());
    match zone.to_ambiguous_timestamp(midnight).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(midnight).ok(),
        // The clock was set back over midnight: the day begins twice.
        AmbiguousOffset::Fold { before, after } => {
            let first = before.to_timestamp(midnight).ok();
            first.filter(|first| *first > now).or_else(|| after.to_timestamp(midnight).ok())
        }
        // The clock was set forward over midnight: the day begins at that moment.
        AmbiguousOffset::Gap { after, .. } => {
            let earlier = after.to_timestamp(midnight).ok()?;
            zone.following(earlier).next().map(|change| change.timestamp())
        }
    }
}

/// The smaller of the days that a moment can be anywhere on Earth, and the larger.
pub fn possible_days(moment_ms: i64) -> (Date, Date) {
    let day = at(moment_ms).to_zoned(TimeZone::UTC).date();
    (day.yesterday().unwrap_or(day).max(FIRST_DAY), day.tomorrow().unwrap_or(day))
}

/// Days from `earlier` to `later`.
pub fn days_between(earlier: Date, later: Date) -> i64 {
    earlier.until((Unit::Day, later)).map_or(0, |span| i64::from(span.get_days()))
}

fn at(moment_ms: i64) -> Timestamp {
    let held = moment_ms.clamp(crate::limits::INSTANT_MS_MIN, crate::limits::INSTANT_MS_MAX);
    Timestamp::from_millisecond(held).unwrap_or(Timestamp::UNIX_EPOCH)
}
