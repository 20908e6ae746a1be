//! Values of old clients, brought into range: what can be read is used, what cannot is nothing.

use serde_json::Value;

/// Text of at most `max` Unicode scalar values, without NUL; more is cut. `None`: it is no text, or only white space.
pub fn text(value: &Value, max: usize) -> Option<String> {
    let text: String = value.as_str()?.chars().filter(|char| *char != '\0').take(max).collect();
    if text.chars().all(char::is_whitespace) { None } else { Some(text) }
}

/// A whole number between `min` and `max`, of a number or of text that is one; fractions are rounded.
pub fn number(value: &Value, min: i64, max: i64) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(rounded)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| text.parse().ok().filter(|number: &f64| !number.is_nan()).map(rounded))
        }
        _ => None,
    };
    number.map(|number| number.clamp(min, max))
}

/// A cast saturates.
fn rounded(number: f64) -> i64 {
    number.round() as i64
}

/// The one of these words that it is, in whatever case it is written.
pub fn one_of<'a>(value: &Value, words: &[&'a str]) -> Option<&'a str> {
    let said = value.as_str()?.trim();
    words.iter().find(|word| word.eq_ignore_ascii_case(said)).copied()
}

/// A yes or a no.
pub fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_i64()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

/// An integer id, of a number or of text that is one.
pub fn id(value: &Value) -> Option<i64> {
    let id = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    id.filter(|id| (1..=i64::from(i32::MAX)).contains(id))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_cut_by_scalar_values_and_loses_nul() {
        assert_eq!(text(&json!("跑步五公里"), 3).as_deref(), Some("跑步五"));
        assert_eq!(text(&json!("a\0b"), 3).as_deref(), Some("ab"));
        for nothing in [json!(""), json!(" \n\u{3000}"), json!("\0"), json!("   word"), json!(7), json!(null)] {
            assert_eq!(text(&nothing, 3), None, "{nothing}");
        }
    }

    #[test]
    fn numbers_are_rounded_and_held_in_range() {
        for (sent, read) in [
            (json!(7), Some(7)),
            (json!(-5), Some(1)),
            (json!(7.5), Some(8)),
            (json!(" 9 "), Some(9)),
            (json!("2.4"), Some(2)),
            (json!(1e300), Some(10)),
            (json!(u64::MAX), Some(10)),
            (json!("NaN"), None),
            (json!("many"), None),
            (json!([7]), None),
            (json!(null), None),
        ] {
            assert_eq!(number(&sent, 1, 10), read, "{sent}");
        }
    }

    #[test]
    fn words_flags_and_ids_are_read_in_every_spelling() {
        assert_eq!(one_of(&json!(" High "), &["low", "high"]), Some("high"));
        assert_eq!(one_of(&json!("banana"), &["low", "high"]), None);
        let flags = [json!(true), json!("TRUE"), json!(1), json!(0), json!(2), json!("yes"), json!(null)].map(|sent| flag(&sent));
        assert_eq!(flags, [Some(true), Some(true), Some(true), Some(false), None, None, None]);
        let ids = [json!(17), json!("17"), json!(0), json!(-1), json!(2_147_483_648_i64), json!("x"), json!(1.5)];
        assert_eq!(ids.map(|sent| id(&sent)), [Some(17), Some(17), None, None, None, None, None]);
    }
}
