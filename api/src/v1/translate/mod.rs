//! From what a client of v1 says to the fields of v2, in the ranges that v2 has. What cannot be used is left out: a creation
//! gets the default, an edit leaves what is there. Nothing is read or written here.

mod described;
mod differing;
pub mod focus;
pub mod goal;
pub mod milestone;
pub mod profile;
pub mod skill;
pub mod stats;
pub mod task;
pub mod words;

use serde_json::{Map, Value};

pub use described::{Described, described};
pub use differing::differing;

/// What a body changes of a goal or a milestone.
#[derive(Debug, PartialEq)]
pub struct Changes {
    /// Fields with another value than now.
    pub set: Map<String, Value>,
    /// Reached (or not after all), if it is not so now.
    pub reached: Option<bool>,
}

/// Sets a field to what could be made of the value that was sent for it.
fn put(fields: &mut Map<String, Value>, field: &str, made: Option<impl Into<Value>>) {
    if let Some(value) = made {
        fields.insert(field.to_owned(), value.into());
    }
}
