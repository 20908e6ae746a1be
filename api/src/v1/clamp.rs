//! Values of old clients, made to fit: where v2 refuses, v1 cuts, rounds and holds in range. `None` is what says nothing.

use serde_json::Value;

/// Text of at most `max` Unicode scalar values, without NUL. A number is its digits. `None`: no text, or only white space.
pub fn text(value: &Value, max: usize) -> Option<String> {
    let said = match value {
        Value::String(said) => said.chars().filter(|one| *one != '\0').take(max).collect(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!said.chars().all(char::is_whitespace)).then_some(said)
}

/// A whole number from `min` to `max`, of a number or a text that is one. `None`: it is none.
pub fn number(value: &Value, min: i64, max: i64) -> Option<i64> {
    let said = match value {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => return Some(whole.clamp(min, max)),
            None => number.as_f64()?,
        },
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    if !said.is_finite() {
        return None;
    }
    // What is beyond i64 becomes its end, and is held in range like everything else.
    Some((said.round() as i64).clamp(min, max))
}

/// The one of `names` that this is, in any case.
pub fn one_of<'a>(value: &Value, names: &[&'a str]) -> Option<&'a str> {
    let said = value.as_str()?.trim();
    names.iter().copied().find(|name| name.eq_ignore_ascii_case(said))
}

/// Yes or no: a boolean, its name, 1 or 0.
pub fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_i64()? {
            1 => Some(true),
            0 => Some(false),
            _ => None,
        },
        Value::String(_) => one_of(value, &["true", "1", "false", "0"]).map(|name| matches!(name, "true" | "1")),
        _ => None,
    }
}

/// An integer id, of 32 bits as in the legacy tables.
pub fn id(value: &Value) -> Option<i64> {
    let id = match value {
        Value::Number(number) => i32::try_from(number.as_i64()?).ok()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    Some(id.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_cut_and_never_blank() {
        assert_eq!(text(&json!("Run"), 200).as_deref(), Some("Run"));
        assert_eq!(text(&json!("跑步跑步"), 3).as_deref(), Some("跑步跑"));
        assert_eq!(text(&json!("a\0b"), 200).as_deref(), Some("ab"));
        assert_eq!(text(&json!(42), 200).as_deref(), Some("42"));
        for nothing in [json!(""), json!(" \n"), json!("\0"), json!(null), json!(true), json!(["a"]), json!({})] {
            assert_eq!(text(&nothing, 200), None, "{nothing}");
        }
    }

    #[test]
    fn numbers_are_rounded_and_held_in_range() {
        for (sent, expected) in [
            (json!(7), Some(7)),
            (json!(-5), Some(5)),
            (json!(1_000), Some(100)),
            (json!(7.5), Some(8)),
            (json!("12"), Some(12)),
            (json!(" 12.4 "), Some(12)),
            (json!(1e300), Some(100)),
            (json!(u64::MAX), Some(100)),
            (json!(i64::MIN), Some(5)),
            (json!("NaN"), None),
            (json!("inf"), None),
            (json!("many"), None),
            (json!(""), None),
            (json!(null), None),
            (json!(true), None),
            (json!([1]), None),
        ] {
            assert_eq!(number(&sent, 5, 100), expected, "{sent}");
        }
    }

    #[test]
    fn names_flags_and_ids_are_read_in_every_form_that_clients_send() {
        assert_eq!(one_of(&json!(" Hard "), &["easy", "hard"]), Some("hard"));
        assert_eq!([json!("banana"), json!(1), json!(null)].map(|sent| one_of(&sent, &["easy"])), [None; 3]);
        for (sent, expected) in [
            (json!(true), Some(true)),
            (json!("true"), Some(true)),
            (json!(1), Some(true)),
            (json!("0"), Some(false)),
            (json!("FALSE"), Some(false)),
            (json!(2), None),
            (json!("yes"), None),
            (json!(null), None),
        ] {
            assert_eq!(flag(&sent), expected, "{sent}");
        }
        for (sent, expected) in [
            (json!(7), Some(7)),
            (json!("7"), Some(7)),
            (json!(-1), Some(-1)),
            (json!(2_147_483_648_i64), None),
            (json!(7.5), None),
            (json!("x"), None),
            (json!(null), None),
        ] {
            assert_eq!(id(&sent), expected, "{sent}");
        }
    }
}
