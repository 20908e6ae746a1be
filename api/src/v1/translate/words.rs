//! Titles, names, descriptions and dates of old clients.

use domain::id::EntityId;
use domain::limits::{INSTANT_MS_MAX, INSTANT_MS_MIN};
use serde_json::{Map, Value, json};

use crate::problem::{Code, FieldProblem, Problem};
use crate::v1::{clamp, moment};

/// What is called nothing, in the language of the app.
pub const UNTITLED: &str = "未命名";
/// What a title of a single character is lengthened by: v2 has none so short.
const MORE: char = '…';
const TITLE_CHARS_MIN: usize = 2;
const TITLE_CHARS_MAX: usize = 200;
const NOTE_CHARS_MAX: usize = 2_000;

/// A title, if it says anything.
pub fn title(sent: &Value) -> Option<String> {
    let mut title = clamp::text(sent, TITLE_CHARS_MAX)?;
    if title.chars().count() < TITLE_CHARS_MIN {
        title.push(MORE);
    }
    Some(title)
}

/// The title of something new: one that says nothing is replaced, one that is missing is refused.
///
/// # Errors
/// `fields_invalid`: there is no text.
pub fn new_title(body: &Map<String, Value>) -> Result<String, Problem> {
    Ok(titled(required(body, "title")?))
}

/// The title that these words make.
pub fn titled(sent: &Value) -> String {
    title(sent).unwrap_or_else(|| UNTITLED.to_owned())
}

/// A member of a body that has to be text; a number is its digits.
///
/// # Errors
/// `fields_invalid`: it is none.
pub fn required<'a>(body: &'a Map<String, Value>, member: &str) -> Result<&'a Value, Problem> {
    body.get(member).filter(|sent| sent.is_string() || sent.is_number()).ok_or_else(|| lacking(member))
}

/// A member that a body has to have is missing or of no use.
pub fn lacking(member: &str) -> Problem {
    let field = FieldProblem::new(format!("/{member}"), "required", "This field is required.");
    Problem::new(Code::FieldsInvalid).detail(format!("Send {member}.")).field(field)
}

/// A description; null where nothing is said. `None`: it is no text.
pub fn note(sent: &Value) -> Option<Value> {
    match sent {
        Value::Null => Some(Value::Null),
        Value::String(_) | Value::Number(_) => Some(clamp::text(sent, NOTE_CHARS_MAX).map_or(Value::Null, Value::from)),
        _ => None,
    }
}

/// One of these names, or `other` for a name that is none of them. `None`: it is no name.
pub fn name_of(sent: &Value, names: &[&'static str], other: &'static str) -> Option<&'static str> {
    sent.is_string().then(|| clamp::one_of(sent, names).unwrap_or(other))
}

/// What a reference that was sent stands for, as it was found; null where that is nothing. `None`: it is no id.
pub fn reference(sent: &Value, found: Option<EntityId>) -> Option<Value> {
    let is_id = sent.is_null() || clamp::id(sent).is_some();
    is_id.then(|| json!(found))
}

/// A date in whatever form; null and empty text are none. `None`: it cannot be read.
pub fn date(sent: &Value) -> Option<Value> {
    let is_none = sent.is_null() || sent.as_str().is_some_and(|text| text.trim().is_empty());
    if is_none {
        return Some(Value::Null);
    }
    moment::read(sent).map(|ms| ms.clamp(INSTANT_MS_MIN, INSTANT_MS_MAX).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn titles_are_cut_lengthened_and_found() {
        assert_eq!(title(&json!("跑")).as_deref(), Some("跑…"));
        assert_eq!(title(&json!("x".repeat(5_000))).map(|title| title.len()), Some(200));
        assert_eq!((title(&json!(" ")), title(&json!([]))), (None, None));
        assert_eq!(["a", "\0", "读书"].map(|words| titled(&json!(words))), ["a…", UNTITLED, "读书"]);
        assert_eq!(new_title(&body(json!({ "title": "" }))).ok().as_deref(), Some(UNTITLED));
        assert_eq!(new_title(&body(json!({ "title": 7 }))).ok().as_deref(), Some("7…"));
        for missing in [json!({}), json!({ "title": null }), json!({ "title": [7] })] {
            assert_eq!(new_title(&body(missing)).unwrap_err().code(), "fields_invalid");
        }
    }

    #[test]
    fn names_and_ids_that_are_none_say_nothing() {
        let names = [json!("HIGH"), json!("banana"), json!(""), json!(null), json!(1)];
        let made = names.map(|sent| name_of(&sent, &["low", "high"], "low"));
        assert_eq!(made, [Some("high"), Some("low"), Some("low"), None, None]);
        let id = EntityId::default();
        assert_eq!(reference(&json!("7"), Some(id)), Some(json!(id)));
        assert_eq!([json!(7), json!(null)].map(|sent| reference(&sent, None)), [(); 2].map(|()| Some(Value::Null)));
        assert_eq!([json!("Chess"), json!({})].map(|sent| reference(&sent, None)), [None, None]);
    }

    #[test]
    fn descriptions_and_dates_can_be_taken_back() {
        assert_eq!(note(&json!("why")), Some(json!("why")));
        assert_eq!([note(&json!(null)), note(&json!("")), note(&json!(" "))], [(); 3].map(|()| Some(Value::Null)));
        assert_eq!(note(&json!({})), None);
        assert_eq!(date(&json!("2026-10-24")), Some(json!(1_792_800_000_000_i64)));
        assert_eq!([date(&json!(null)), date(&json!(""))], [(); 2].map(|()| Some(Value::Null)));
        assert_eq!([date(&json!("soon")), date(&json!(true))], [None, None]);
        assert_eq!(date(&json!(i64::MAX)), Some(json!(INSTANT_MS_MAX)));
    }
}
