//! Writable fields: how they are read from JSON, checked, and told apart by merge policy.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::kind::{EntityRef, Kind};
use crate::id::EntityId;
use crate::rejection::{FieldError, Rejection, pointer_step};

/// How concurrent writes of a field meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The last writer wins.
    Last,
    /// The user is asked which of several concurrent writes it is to be; meanwhile the last writer is shown.
    Ask,
    /// A set: members come and go one by one.
    Set,
    /// Given at creation and never changed.
    Fixed,
}

impl Policy {
    /// Its name in the schema and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Last => "last",
            Self::Ask => "ask",
            Self::Set => "set",
            Self::Fixed => "fixed",
        }
    }
}

/// The writable fields of a kind: one struct, with `validator` derives, is the one place where ranges stand.
pub trait Fields: Clone + Default + Serialize + DeserializeOwned + Validate + Send + Sync {
    /// Which kind they belong to.
    const KIND: Kind;
    /// Every writable field and its policy, by name.
    const POLICIES: &'static [(&'static str, Policy)];
    /// The fields that refer to other entities, and the kind that each refers to.
    const REFERENCES: &'static [(&'static str, Kind)] = &[];

    /// Fills in defaults of a creation that depend on other fields or on its moment (Unix ms).
    fn fill_in(_data: &mut Map<String, Value>, _moment: i64) {}

    /// A refusal that comes before any other, about the raw values of a creation or an edit, which stand at `pointer`.
    fn refuse(_values: &Map<String, Value>, _pointer: &str) -> Option<Rejection> {
        None
    }
}

/// A reference held by a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The field.
    pub field: &'static str,
    /// What it refers to.
    pub target: EntityRef,
}

/// The references among raw values: a field holds an id, or a set of ids. What is no id is left to the parser.
pub fn references<F: Fields>(values: &Map<String, Value>) -> Vec<Reference> {
    let ids = |value: &Value| -> Vec<Uuid> {
        match value {
            Value::String(id) => id.parse().into_iter().collect(),
            Value::Array(ids) => ids.iter().filter_map(|id| id.as_str()?.parse().ok()).collect(),
            _ => Vec::new(),
        }
    };
    let of = |(field, kind): &(&'static str, Kind)| -> Vec<Reference> {
        let found = values.get(*field).map(ids).unwrap_or_default();
        found.into_iter().map(|id| Reference { field, target: EntityRef::new(*kind, EntityId(id)) }).collect()
    };
    F::REFERENCES.iter().flat_map(of).collect()
}

/// An edit as it was sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edit {
    /// New values by field.
    pub set: Map<String, Value>,
    /// Members to add, by set field.
    pub add: BTreeMap<String, Vec<Value>>,
    /// Members to remove, by set field.
    pub remove: BTreeMap<String, Vec<Value>>,
}

impl Edit {
    /// Whether it says anything about a field.
    pub fn touches(&self, field: &str) -> bool {
        self.set.contains_key(field) || self.add.contains_key(field) || self.remove.contains_key(field)
    }

    /// Where the edit speaks of a field, as a JSON pointer from the command.
    pub fn pointer(&self, field: &str) -> String {
        let part = match field {
            field if self.set.contains_key(field) => "set",
            field if self.add.contains_key(field) => "add",
            _ => "remove",
        };
        format!("/{part}/{field}")
    }
}

/// The policy of a field, or the refusal of an unknown or unwritable one.
pub fn policy<F: Fields>(field: &str, pointer: &str) -> Result<Policy, Rejection> {
    let known = F::POLICIES.iter().find(|(name, _)| *name == field);
    known.map(|(_, policy)| *policy).ok_or_else(|| {
        let step = pointer_step(field);
        Rejection::field(format!("{pointer}/{step}"), "field_unknown", format!("there is no writable field {field}"))
    })
}

/// Reads and checks all fields from their JSON. Pointers of errors begin with `pointer`.
///
/// # Errors
/// What is missing, of the wrong type or out of range.
pub fn parse<F: Fields>(values: Map<String, Value>, pointer: &str) -> Result<F, Rejection> {
    checked(shape(Value::Object(values), pointer)?, pointer)
}

/// Reads JSON into a type; what does not fit is told with its place.
///
/// # Errors
/// `field_missing`, `field_unknown` or `type_wrong`.
pub fn shape<T: DeserializeOwned>(value: Value, pointer: &str) -> Result<T, Rejection> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = json_pointer(error.path());
        let message = error.into_inner().to_string();
        let named =
            |start: &str| message.strip_prefix(start).and_then(|rest| rest.split('`').next()).map(str::to_owned);
        if let Some(field) = named("missing field `") {
            return Rejection::field(
                format!("{pointer}{path}/{field}"),
                "field_missing",
                format!("{field} is required"),
            );
        }
        if let Some(field) = named("unknown field `") {
            let step = format!("/{}", pointer_step(&field));
            let parent = path.strip_suffix(&step).unwrap_or(&path);
            return Rejection::field(
                format!("{pointer}{parent}{step}"),
                "field_unknown",
                format!("there is no field {field}"),
            );
        }
        Rejection::field(format!("{pointer}{path}"), "type_wrong", message)
    })
}

/// Passes on what its `validator` derives accept.
///
/// # Errors
/// Every field that is out of its range.
pub fn checked<T: Validate>(value: T, pointer: &str) -> Result<T, Rejection> {
    value.validate().map_err(|errors| Rejection::Invalid(field_errors(&errors, pointer)))?;
    Ok(value)
}

/// The path of an unreadable value as a JSON pointer, with a leading slash unless it is the whole.
pub fn json_pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let segment = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", pointer_step(key)),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    };
    path.iter().map(segment).collect()
}

/// The fields as JSON values by name.
pub fn values<F: Fields>(fields: &F) -> Map<String, Value> {
    match serde_json::to_value(fields) {
        Ok(Value::Object(values)) => values,
        _ => Map::new(),
    }
}

fn field_errors(errors: &ValidationErrors, pointer: &str) -> Vec<FieldError> {
    let mut found: Vec<FieldError> = errors
        .errors()
        .iter()
        .filter_map(|(field, kind)| match kind {
            ValidationErrorsKind::Field(errors) => Some((field, errors.first()?)),
            _ => None,
        })
        .map(|(field, error)| field_error(format!("{pointer}/{field}"), error))
        .collect();
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    found
}

fn field_error(pointer: String, error: &validator::ValidationError) -> FieldError {
    let limit = |name: &str| error.params.get(name).cloned();
    let length = error.params.get("value").and_then(Value::as_str).map(|value| value.chars().count() as u64);
    let code = match error.code.as_ref() {
        "length" if length < limit("min").and_then(|min| min.as_u64()) => "too_short",
        "length" => "too_long",
        "range" => "out_of_range",
        other => other,
    };
    let message =
        error.message.as_ref().map_or_else(|| format!("the value is {}", code.replace('_', " ")), |m| m.to_string());
    let limits = ["min", "max"].into_iter().filter_map(|name| Some((name.to_owned(), limit(name)?))).collect();
    FieldError { pointer, code: code.to_owned(), message, limits }
}
