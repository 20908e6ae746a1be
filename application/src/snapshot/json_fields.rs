//! What is shown of an entity, as JSON: written once, straight from wherever its row is, and only copied from there on.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Error, Map, Value};

/// The fields of an entity, as the text of a JSON object.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct JsonFields(Box<RawValue>);

impl JsonFields {
    /// The text of something that is written as an object.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn of(object: &impl Serialize) -> Result<Self, Error> {
        to_raw_value(object).map(Self)
    }

    /// The fields by name.
    pub fn to_map(&self) -> Map<String, Value> {
        Map::deserialize(&*self.0).unwrap_or_default()
    }
}

/// The same fields: neither their order nor white space matters.
impl PartialEq for JsonFields {
    fn eq(&self, other: &Self) -> bool {
        self.to_map() == other.to_map()
    }
}
