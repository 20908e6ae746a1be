//! Offers values to a parser, one field at a time, and makes a schema of what it says.

use serde_json::{Map, Value, json};

use crate::rejection::{FieldError, Rejection};

/// All fields after the parser has filled in the defaults, or why it refuses.
pub(super) type Parsed = Result<Map<String, Value>, Rejection>;

/// Longer than any text.
const TOO_LONG: usize = 10_000;
/// More than any set holds.
const TOO_MANY: u128 = 500;
/// What a required field may turn out to want.
const SAMPLES: [&str; 3] = ["UTC", "00000000-0000-0000-0000-000000000000", "current"];
/// Text with a character that is no white space, and without NUL.
const WORDS: &str = r"^[^\u0000]*\P{White_Space}[^\u0000]*$";
/// The same, or nothing.
const TEXT: &str = r"^([^\u0000]*\P{White_Space}[^\u0000]*)?$";

/// A parser of a set of fields.
pub(super) struct Form<'a> {
    parse: &'a dyn Fn(Map<String, Value>) -> Parsed,
    /// The least that it accepts.
    least: Map<String, Value>,
    /// That with defaults.
    all: Map<String, Value>,
}

impl<'a> Form<'a> {
    /// Finds out what the parser wants at least. `None`: nothing that is known here satisfies it.
    pub(super) fn of(parse: &'a dyn Fn(Map<String, Value>) -> Parsed) -> Option<Self> {
        let mut least = Map::new();
        loop {
            let wanted = match parse(least.clone()) {
                Ok(all) => return Some(Self { parse, least, all }),
                Err(rejection) => name_of(rejection.errors().first()?).to_owned(),
            };
            let fits = |sample: &Value| match parse(with(&least, &wanted, sample)) {
                Ok(_) => true,
                Err(still) => still.errors().iter().all(|error| name_of(error) != wanted),
            };
            let numbers = std::iter::once(json!(1));
            let sample = SAMPLES.iter().map(|text| json!(text)).chain(numbers).find(fits)?;
            least.insert(wanted, sample);
        }
    }

    /// Every field.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }

    /// Whether the field has to be there.
    pub(super) fn requires(&self, field: &str) -> bool {
        self.least.contains_key(field)
    }

    /// The field when it is absent.
    pub(super) fn default(&self, field: &str) -> Option<&Value> {
        self.all.get(field).filter(|_| !self.requires(field))
    }

    /// All fields, with this one as told.
    pub(super) fn defaults_with(&self, field: &str, value: &Value) -> Parsed {
        (self.parse)(with(&self.least, field, value))
    }

    /// What the field says to a value; nothing if it takes it.
    fn offer(&self, field: &str, value: &Value) -> Option<FieldError> {
        let refused = self.defaults_with(field, value).err()?;
        Some(refused.errors().first().cloned().unwrap_or_else(|| FieldError::new("", refused.code(), "")))
    }

    fn takes(&self, field: &str, value: Value) -> bool {
        self.offer(field, &value).is_none()
    }

    fn code(&self, field: &str, value: Value) -> String {
        self.offer(field, &value).map(|error| error.code).unwrap_or_default()
    }

    /// The values that the field takes.
    pub(super) fn schema(&self, field: &str) -> Value {
        let mut schema = self.value(field);
        if let Some(kind) = schema.get("type").cloned()
            && self.takes(field, Value::Null)
        {
            schema["type"] = json!([kind, "null"]);
        }
        schema
    }

    fn value(&self, field: &str) -> Value {
        if self.takes(field, json!(true)) {
            return if self.takes(field, json!(1)) { json!({}) } else { json!({ "type": "boolean" }) };
        }
        if self.takes(field, json!([])) {
            return self.set(field);
        }
        match self.offer(field, &json!(i64::MIN)) {
            Some(error) if error.code == "out_of_range" => bounded("integer", &error, "minimum", "maximum"),
            None => json!({ "type": "integer" }),
            Some(_) => self.text(field),
        }
    }

    fn text(&self, field: &str) -> Value {
        if let Some(names) = self.offer(field, &json!("?")).and_then(|error| names(&error)) {
            return json!({ "type": "string", "enum": names });
        }
        match self.offer(field, &json!("x".repeat(TOO_LONG))) {
            Some(error) if error.code == "too_long" => {
                let mut schema = bounded("string", &error, "minLength", "maxLength");
                if self.code(field, json!("   ")) == "text_blank" {
                    schema["pattern"] = json!(if self.takes(field, json!("")) { TEXT } else { WORDS });
                }
                schema
            }
            Some(error) => shaped(&error.code),
            None => json!({ "type": "string" }),
        }
    }

    fn set(&self, field: &str) -> Value {
        let ids: Vec<String> = (0..TOO_MANY).map(|number| uuid::Uuid::from_u128(number).to_string()).collect();
        let most = self.offer(field, &json!(ids)).and_then(|error| error.limits.get("max").cloned());
        let member = |text: String| self.offer(field, &json!([text]));
        let mut items = json!({ "type": "string" });
        match member("x".repeat(TOO_LONG)) {
            Some(error) if error.code == "too_long" => {
                items["maxLength"] = error.limits.get("max").cloned().unwrap_or_default();
                let blank = self.code(field, json!([" "])) == "text_blank";
                if blank {
                    items["pattern"] = json!(WORDS);
                }
            }
            _ => items["format"] = json!("uuid"),
        }
        let mut schema = json!({ "type": "array", "items": items });
        if let Some(most) = most {
            schema["maxItems"] = most;
        }
        schema
    }
}

/// What the code of a refusal says of the texts that are not refused.
fn shaped(code: &str) -> Value {
    match code {
        "color_invalid" => json!({ "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$" }),
        "rank_invalid" => json!({ "type": "string", "pattern": "^[0-9A-Za-z]{1,64}$" }),
        "time_zone_unknown" => json!({ "type": "string", "format": "x-iana-time-zone" }),
        _ => json!({ "type": "string", "format": "uuid" }),
    }
}

fn bounded(kind: &str, error: &FieldError, least: &str, most: &str) -> Value {
    let mut schema = json!({ "type": kind });
    for (name, limit) in [(least, "min"), (most, "max")] {
        if let Some(limit) = error.limits.get(limit) {
            schema[name] = limit.clone();
        }
    }
    schema
}

/// The names that an enumeration says it takes: serde lists them after "expected".
pub(super) fn names(error: &FieldError) -> Option<Vec<String>> {
    let (_, expected) = error.message.strip_prefix("unknown variant")?.split_once("expected ")?;
    Some(expected.split('`').skip(1).step_by(2).map(str::to_owned).collect())
}

/// The field that an error is about: the last step of its pointer.
fn name_of(error: &FieldError) -> &str {
    error.pointer.rsplit('/').next().unwrap_or_default()
}

fn with(fields: &Map<String, Value>, field: &str, value: &Value) -> Map<String, Value> {
    let mut fields = fields.clone();
    fields.insert(field.to_owned(), value.clone());
    fields
}
