//! Values of legacy rows, whatever type a deployment gave their columns.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::source::Row;

/// A whole number; a fraction is rounded.
pub(super) fn int(row: &Row, column: &str) -> Option<i64> {
    match row.get(column)? {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(rounded)),
        Value::String(text) => text.trim().parse::<f64>().ok().map(rounded),
        _ => None,
    }
}

fn rounded(number: f64) -> i64 {
    // The conversion holds it in the range.
    number.round() as i64
}

/// A text that is there, be it empty.
pub(super) fn text<'a>(row: &'a Row, column: &str) -> Option<&'a str> {
    row.get(column)?.as_str()
}

/// The key of a row: a number or a text, as text.
pub(super) fn key(row: &Row, column: &str) -> Option<String> {
    match row.get(column)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A truth value.
pub(super) fn flag(row: &Row, column: &str) -> Option<bool> {
    match row.get(column)? {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => Some(number.as_f64() != Some(0.0)),
        _ => None,
    }
}

/// The texts of an array.
pub(super) fn texts(row: &Row, column: &str) -> Vec<String> {
    let members = row.get(column).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    members.iter().filter_map(|member| member.as_str().map(str::to_owned)).collect()
}

/// The numbers of an array.
pub(super) fn ints(row: &Row, column: &str) -> Vec<i64> {
    let members = row.get(column).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    members.iter().filter_map(Value::as_i64).collect()
}

/// A moment, Unix ms. One without a zone is in UTC, as the legacy system wrote it; a date is its first moment.
pub(super) fn moment(row: &Row, column: &str) -> Option<i64> {
    let text = text(row, column)?;
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond());
    }
    let local = text.parse::<DateTime>().ok().or_else(|| Some(text.parse::<Date>().ok()?.to_datetime(midnight())))?;
    local.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_millisecond())
}

/// The civil time that a column holds, without a zone; of a date its midnight.
pub(super) fn civil(row: &Row, column: &str) -> Option<DateTime> {
    let ms = moment(row, column)?;
    Some(Timestamp::from_millisecond(ms).ok()?.to_zoned(TimeZone::UTC).datetime())
}

fn midnight() -> jiff::civil::Time {
    jiff::civil::Time::midnight()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row(value: Value) -> Row {
        Row::from_iter([("x".to_owned(), value)])
    }

    #[test]
    fn moments_are_read_in_utc_whatever_the_column_is() {
        for same in [
            json!("2026-10-24T16:00:00"),
            json!("2026-10-24 16:00:00.000"),
            json!("2026-10-24T16:00:00+00:00"),
            json!("2026-10-24T18:00:00+02:00"),
        ] {
            assert_eq!(moment(&row(same.clone()), "x"), Some(1_792_857_600_000), "{same}");
        }
        assert_eq!(moment(&row(json!("2026-10-24")), "x"), Some(1_792_800_000_000));
        assert_eq!(moment(&row(json!("infinity")), "x"), None);
    }

    #[test]
    fn numbers_are_numbers_in_any_type() {
        for (value, number) in [(json!(7), Some(7)), (json!(6.6), Some(7)), (json!("7"), Some(7)), (json!("x"), None)] {
            assert_eq!(int(&row(value.clone()), "x"), number, "{value}");
        }
        assert_eq!(int(&row(json!(1e300)), "x"), Some(i64::MAX));
    }
}
