//! Rows as a table for spreadsheets: RFC 4180, and no cell that a spreadsheet would take for a formula, because what people
//! wrote into their titles is opened by staff.

use std::fmt::Write;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::wire::AuditRow;

/// The first line.
pub(crate) const HEADER: &str = "source,account_id,recorded_at,at,event,entity,id,version,field,before,after,written,actor_id,\
     role,device_id,session_id,network,transaction_id,position,cause\r\n";

/// How a spreadsheet knows a formula. Tabs and line ends are passed over by some of them.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A row as a line.
pub(crate) fn line(row: &AuditRow) -> String {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let cells = [
        row.source.to_owned(),
        id(row.account_id),
        moment(row.recorded_at),
        moment(row.at),
        cell(&row.event),
        cell(row.entity.as_deref().unwrap_or_default()),
        id(row.id),
        number(row.version),
        cell(row.field.as_deref().unwrap_or_default()),
        value(&row.before),
        value(&row.after),
        value(&row.written),
        id(row.actor_id),
        cell(&row.role),
        id(row.device_id),
        id(row.session_id),
        cell(row.network.as_deref().unwrap_or_default()),
        id(row.transaction_id),
        number(row.position),
        number(row.cause),
    ];
    let mut line = cells.join(",");
    line.push_str("\r\n");
    line
}

/// A value: text as it is, anything else as JSON.
fn value(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => cell(text),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) | Value::Object(_) => cell(&value.to_string()),
    }
}

/// A text in quotes where it needs them. What would be a formula gets an apostrophe before it.
fn cell(text: &str) -> String {
    let is_formula = text.trim_start_matches(['\n', ' ', '\u{feff}']).starts_with(FORMULA_STARTS);
    if !is_formula && !text.contains(['"', ',', '\r', '\n', ';']) {
        return text.to_owned();
    }
    let mut cell = String::with_capacity(text.len() + 4);
    // Writing to a text cannot fail.
    let _ = write!(cell, "\"{}{}\"", if is_formula { "'" } else { "" }, text.replace('"', "\"\""));
    cell
}

fn moment(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |moment| moment.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_text_becomes_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "=cmd|' /C calc'!A0"] {
            let cell = cell(text);
            assert!(cell.starts_with("\"'"), "{text:?}: {cell}");
        }
        assert_eq!(value(&json!(-5)), "-5", "a number is no formula");
        assert_eq!(value(&json!(["=1"])), r#""[""=1""]""#);
    }

    #[test]
    fn quotes_commas_and_line_ends_stay_in_their_cell() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("a;b", "\"a;b\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
