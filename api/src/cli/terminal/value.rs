//! Values and moments in few words.

use serde_json::Value;

const TEXT_CHARS_MAX: usize = 48;

/// A field's value, short enough for a line. Moments are told relative to `now_ms`.
pub(crate) fn short(name: &str, value: &Value, now_ms: i64) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Number(number) if name.ends_with("_at") => {
            number.as_i64().map_or_else(|| number.to_string(), |at| ago(at, now_ms))
        }
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| short("", item, now_ms)).collect();
            format!("{{{}}}", items.join(", "))
        }
        other => cut(&other.to_string()),
    }
}

/// A title or name in quotes. Control characters would move a terminal's cursor, so they are shown, not sent.
pub(crate) fn quoted(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    format!("\"{}\"", cut(&plain))
}

/// How far a moment is from now: `3 s ago`, `in 2 d`.
pub(crate) fn ago(at_ms: i64, now_ms: i64) -> String {
    let distance_ms = now_ms.saturating_sub(at_ms);
    let seconds = distance_ms.unsigned_abs() / 1000;
    let words = match seconds {
        0 => return "now".to_owned(),
        1..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    };
    if distance_ms > 0 { format!("{words} ago") } else { format!("in {words}") }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= TEXT_CHARS_MAX {
        return text.to_owned();
    }
    let kept: String = text.chars().take(TEXT_CHARS_MAX - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn moments_are_told_from_now() {
        let now = 1_000_000_000_000;
        let told: Vec<String> =
            [200, 2_000, 180_000, 7_200_000, -259_200_000].iter().map(|d| ago(now - d, now)).collect();
        assert_eq!(told, ["now", "2 s ago", "3 min ago", "2 h ago", "in 3 d"]);
    }

    #[test]
    fn values_are_short_and_harmless() {
        assert_eq!(short("title", &json!("a\u{1b}[2Jb"), 0), "\"a\u{fffd}[2Jb\"");
        assert_eq!(short("tags", &json!(["x", "y"]), 0), "{\"x\", \"y\"}");
        assert_eq!(short("due_at", &json!(null), 0), "nothing");
        assert_eq!(quoted(&"é".repeat(60)).chars().count(), TEXT_CHARS_MAX + 2);
    }
}
