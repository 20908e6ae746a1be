//! One place in a request that a problem points at.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// One place in a request that cannot be used, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Where: a JSON pointer (RFC 6901) into the body; empty for the body as a whole.
    pointer: String,
    /// The stable name of what is wrong there.
    code: &'static str,
    /// A sentence for a person.
    message: String,
    /// The limits that were missed, by name.
    #[serde(flatten)]
    #[schema(ignore)]
    limits: Map<String, Value>,
}

/// The name of a field as clients have it that write `pushToken` for `push_token`.
pub fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |joined, word| {
        let head = word.chars().next().map(|head| head.to_ascii_uppercase());
        joined + &head.into_iter().chain(word.chars().skip(1)).collect::<String>()
    })
}

impl FieldProblem {
    /// A place and what is wrong there.
    pub fn new(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into(), limits: Map::new() }
    }

    /// Names a limit that was missed.
    #[must_use]
    pub fn limit(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.limits.insert(name.to_owned(), value.into());
        self
    }
}
