//! What readers are shown instead of what a row holds: derived state that its present fields hide.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// A column that is hidden, and what stands in its place.
pub type Hidden = (&'static str, Instead);

/// What stands in the place of something hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// Nothing.
    Null,
    /// The number 0.
    Zero,
    /// This text.
    Text(&'static str),
}

/// A row in any form, as far as it decides about what is hidden.
pub trait Columns {
    /// Whether the column is there and not null.
    fn has(&self, column: &str) -> bool;

    /// Whether the column is this text.
    fn is(&self, column: &str, text: &str) -> bool;
}

impl Columns for Map<String, Value> {
    fn has(&self, column: &str) -> bool {
        self.get(column).is_some_and(|value| !value.is_null())
    }

    fn is(&self, column: &str, text: &str) -> bool {
        self.get(column).is_some_and(|value| value == text)
    }
}

impl From<Instead> for Value {
    fn from(instead: Instead) -> Self {
        match instead {
            Instead::Null => Self::Null,
            Instead::Zero => Self::from(0),
            Instead::Text(text) => Self::from(text),
        }
    }
}

impl Serialize for Instead {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from(*self).serialize(serializer)
    }
}
