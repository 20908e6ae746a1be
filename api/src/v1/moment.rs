//! Moments as v1 writes and reads them: ISO 8601 in UTC with milliseconds; a date alone is its first moment.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

/// Dates with slashes, as clients write them.
const SLASHED: [&str; 2] = ["%Y/%m/%d", "%m/%d/%Y"];
/// What JavaScript makes of a date, without the zone's name behind it.
const OF_JAVASCRIPT: &str = "%a %b %d %Y %H:%M:%S GMT%z";
/// Years have four digits, where their place does not tell.
const YEAR_MIN: i16 = 1_000;
/// The fewest digits that are milliseconds (from 1973 on); fewer are something else.
const MS_DIGITS_MIN: usize = 12;

/// A moment as somebody wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// It, Unix ms.
    pub at: i64,
    /// The day that it says, wherever that is.
    pub day: Date,
}

/// The text of a moment (Unix ms), such as `2026-10-24T07:00:00.000Z`.
pub fn text(ms: i64) -> Option<String> {
    let moment = Timestamp::from_millisecond(ms).ok()?;
    Some(format!("{moment:.3}"))
}

/// The text of a moment in a row; null of none.
pub fn shown(row: &serde_json::Map<String, Value>, field: &str) -> Value {
    row.get(field).and_then(Value::as_i64).and_then(text).map_or(Value::Null, Value::from)
}

/// A moment that a client sent, Unix ms: an instant, a date, or a number of milliseconds. A moment without an offset is in
/// UTC. `None`: it is none.
pub fn read(sent: &Value) -> Option<i64> {
    match sent {
        // Some clients write whole numbers with a fraction of zero.
        Value::Number(number) => number.as_i64().or_else(|| Some(number.as_f64()?.round() as i64)),
        Value::String(text) => written(text).map(|written| written.at),
        _ => None,
    }
}

/// The same of a text, with the day that is written in it.
pub fn written(text: &str) -> Option<Written> {
    let text = text.trim();
    let of_number = || milliseconds(text);
    let of_instant = || {
        let at = text.parse::<Timestamp>().ok()?;
        // What ends with Z says its day in UTC.
        let day = text.parse::<DateTime>().map_or_else(|_| at.to_zoned(TimeZone::UTC).date(), DateTime::date);
        Some(Written { at: at.as_millisecond(), day })
    };
    let of_civil = || in_utc(text.parse::<DateTime>().ok()?);
    let of_date = || in_utc(text.parse::<Date>().ok().or_else(|| slashed(text))?.into());
    of_number().or_else(of_instant).or_else(of_civil).or_else(of_date).or_else(|| of_javascript(text))
}

fn in_utc(moment: DateTime) -> Option<Written> {
    let at = moment.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond();
    Some(Written { at, day: moment.date() })
}

fn milliseconds(text: &str) -> Option<Written> {
    let is_number = text.len() >= MS_DIGITS_MIN && text.bytes().all(|byte| byte.is_ascii_digit());
    let at = Timestamp::from_millisecond(text.parse().ok().filter(|_| is_number)?).ok()?;
    Some(Written { at: at.as_millisecond(), day: at.to_zoned(TimeZone::UTC).date() })
}

fn slashed(text: &str) -> Option<Date> {
    let date = SLASHED.into_iter().find_map(|form| Date::strptime(form, text).ok());
    date.filter(|date| date.year() >= YEAR_MIN)
}

fn of_javascript(text: &str) -> Option<Written> {
    let text = text.split_once('(').map_or(text, |(moment, _)| moment).trim_end();
    // In a query string a plus sign that was not escaped arrives as a space.
    let parsed = BrokenDownTime::parse(OF_JAVASCRIPT, text.replace("GMT ", "GMT+")).ok()?;
    Some(Written { at: parsed.to_timestamp().ok()?.as_millisecond(), day: parsed.to_date().ok()? })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_with_milliseconds() {
        assert_eq!(text(1_792_857_600_000).as_deref(), Some("2026-10-24T16:00:00.000Z"));
        assert_eq!(text(1_792_857_600_007).as_deref(), Some("2026-10-24T16:00:00.007Z"));
        assert_eq!(text(i64::MAX), None);
    }

    #[test]
    fn moments_are_read_in_every_form_that_clients_send() {
        let moment = 1_792_857_600_000;
        for sent in [
            json!("2026-10-24T16:00:00.000Z"),
            json!("2026-10-24T16:00:00Z"),
            json!("2026-10-24T18:00:00+02:00"),
            json!("2026-10-24 16:00:00"),
            json!("2026-10-24T16:00"),
            json!("Sun Oct 25 2026 00:00:00 GMT+0800 (China Standard Time)"),
            json!("Sat Oct 24 2026 12:00:00 GMT-0400"),
            json!(moment),
            json!(moment as f64),
            json!(moment.to_string()),
        ] {
            assert_eq!(read(&sent), Some(moment), "{sent}");
        }
        for date in ["2026-10-24", "2026/10/24", "10/24/2026", " 2026-10-24 "] {
            assert_eq!(read(&json!(date)), Some(1_792_800_000_000), "{date}");
        }
        assert_eq!(read(&json!("2026/1/5")), read(&json!("1/5/2026")));
        for bad in
            ["soon", "", "24.10.2026", "2026", "1792857600", "24/10/2026", "10/24/26", "Fri Oct 24 2026", "13/2026"]
        {
            assert_eq!(read(&json!(bad)), None, "{bad}");
        }
        assert_eq!([json!(true), json!(null), json!([])].map(|bad| read(&bad)), [None; 3]);
    }
}
