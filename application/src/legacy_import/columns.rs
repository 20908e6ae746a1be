//! Values of legacy rows, whatever type a deployment gave their columns.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::source::Row;

/// Midnights west of Greenwich come before this hour of UTC, those of its east from it on. Between the two lies the ocean.
const NEAREST_HOUR: i8 = 11;

/// A whole number; a fraction is rounded.
pub(super) fn int(row: &Row, column: &str) -> Option<i64> {
    match row.get(column)? {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(rounded)),
        Value::String(text) => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(rounded),
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

/// What a column says, as text, whatever its type; nothing of a list.
pub(super) fn said<'a>(row: &'a Row, column: &str) -> Option<Cow<'a, str>> {
    match row.get(column)? {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Owned(flag.to_string())),
        _ => None,
    }
}

/// The key of a row: a number or a text, as text.
pub(super) fn key(row: &Row, column: &str) -> Option<String> {
    said(row, column).map(Cow::into_owned)
}

/// A truth value.
pub(super) fn flag(row: &Row, column: &str) -> Option<bool> {
    match row.get(column)? {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => Some(number.as_f64() != Some(0.0)),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "t" | "yes" | "1" => Some(true),
            "false" | "f" | "no" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// The texts of a list: an array, the text of one as JSON or PostgreSQL writes it, or words with commas between.
pub(super) fn texts(row: &Row, column: &str) -> Vec<String> {
    let member = |member: &Value| match member {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match document(row, column) {
        Some(Value::Array(members)) => members.iter().filter_map(member).collect(),
        Some(Value::String(text)) => {
            let bare = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(&text);
            let words = bare.split(',').map(|word| word.trim().trim_matches('"').to_owned());
            words.filter(|word| !word.is_empty()).collect()
        }
        _ => Vec::new(),
    }
}

/// The numbers of a list.
pub(super) fn ints(row: &Row, column: &str) -> Vec<i64> {
    texts(row, column).iter().filter_map(|text| text.parse().ok()).collect()
}

/// A document; some deployments keep it as text. A text that is none is itself.
pub(super) fn document(row: &Row, column: &str) -> Option<Value> {
    match row.get(column)? {
        Value::Null => None,
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            Some(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str())))
        }
        other => Some(other.clone()),
    }
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

/// The day whose midnight a column holds: in UTC, or in the zone of a server that was elsewhere, which is the midnight that
/// is nearest.
pub(crate) fn midnight_of(row: &Row, column: &str) -> Option<Date> {
    let civil = civil(row, column)?;
    if civil.hour() < NEAREST_HOUR { Some(civil.date()) } else { civil.date().tomorrow().ok() }
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
    fn lists_and_truths_are_read_in_any_shape() {
        for same in [json!(["a", "b"]), json!("[\"a\",\"b\"]"), json!("{a,\"b\"}"), json!("a, b")] {
            assert_eq!(texts(&row(same.clone()), "x"), ["a", "b"], "{same}");
        }
        assert_eq!((texts(&row(json!("")), "x"), ints(&row(json!("{4,5}")), "x")), (Vec::<String>::new(), vec![4, 5]));
        for (value, flagged) in [(json!("t"), Some(true)), (json!(0), Some(false)), (json!("?"), None)] {
            assert_eq!(flag(&row(value.clone()), "x"), flagged, "{value}");
        }
        assert_eq!(document(&row(json!("{\"a\":1}")), "x"), Some(json!({ "a": 1 })));
    }

    #[test]
    fn a_midnight_is_of_one_day_wherever_the_server_stood() {
        for (at, day) in [
            ("2026-01-05T00:00:00", "2026-01-05"),
            ("2026-01-05", "2026-01-05"),
            ("2026-01-04T16:00:00", "2026-01-05"),
            ("2026-01-05T05:00:00", "2026-01-05"),
            ("2026-01-05T10:00:00", "2026-01-05"),
        ] {
            assert_eq!(midnight_of(&row(json!(at)), "x").unwrap().to_string(), day, "{at}");
        }
    }

    #[test]
    fn numbers_are_numbers_in_any_type() {
        for (value, number) in [(json!(7), Some(7)), (json!(6.6), Some(7)), (json!("7"), Some(7)), (json!("x"), None)] {
            assert_eq!(int(&row(value.clone()), "x"), number, "{value}");
        }
        assert_eq!(int(&row(json!(1e300)), "x"), Some(i64::MAX));
    }
}
