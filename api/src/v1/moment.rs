//! Moments as v1 writes and reads them: ISO 8601 in UTC with milliseconds; a date alone is its first moment.

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

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
        Value::Number(number) => number.as_i64(),
        Value::String(text) => read_text(text.trim()),
        _ => None,
    }
}

fn read_text(text: &str) -> Option<i64> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond());
    }
    if let Ok(moment) = text.parse::<jiff::civil::DateTime>() {
        return Some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond());
    }
    let start = text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(start.timestamp().as_millisecond())
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
            json!(moment),
        ] {
            assert_eq!(read(&sent), Some(moment), "{sent}");
        }
        assert_eq!(read(&json!("2026-10-24")), Some(1_792_800_000_000));
        for bad in [json!("soon"), json!(""), json!(true), json!(null), json!("24.10.2026")] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }
}
