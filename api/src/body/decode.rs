//! From bytes to a value, or to a problem that says where the body is wrong.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::format::Format;
use super::pointer;
use crate::problem::{Code, FieldProblem, Problem};

/// The value that the bytes are. Unknown fields are refused where `T` denies them.
pub fn decode<T: DeserializeOwned>(format: Format, bytes: &[u8]) -> Result<T, Problem> {
    match format {
        Format::Json => json(bytes),
        Format::Cbor => cbor(bytes),
    }
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let error = match serde_json::from_slice(bytes) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    // A null where a name is wanted is called a mistake of syntax too; the text itself says whether it is JSON.
    if !error.is_data() && serde_json::from_slice::<Value>(bytes).is_err() {
        let place = format!("Line {}, column {}.", error.line(), error.column());
        return Err(Problem::new(Code::JsonMalformed).detail(if bytes.is_empty() { EMPTY.to_owned() } else { place }));
    }
    // Again, slower, to learn where: only for bodies that are refused.
    let located = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_slice(bytes));
    Err(located.map_or_else(|error| invalid(error.path(), &error.inner().to_string()), |_| misfit("", "")))
}

fn cbor<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        return Err(Problem::new(Code::CborMalformed).detail(EMPTY));
    }
    let mut rest = bytes;
    let value: Value = ciborium::from_reader(&mut rest).map_err(|error| {
        Problem::new(Code::CborMalformed).detail(match error {
            ciborium::de::Error::Semantic(..) => "It holds something that JSON cannot say, such as a byte string.",
            ciborium::de::Error::RecursionLimitExceeded => "It is nested too deeply.",
            _ => "It is not CBOR, or it broke off.",
        })
    })?;
    if !rest.is_empty() {
        return Err(Problem::new(Code::CborMalformed).detail("Something follows the first item."));
    }
    serde_path_to_error::deserialize(value).map_err(|error| invalid(error.path(), &error.inner().to_string()))
}

const EMPTY: &str = "The body is empty.";

/// What serde says about a value that does not fit, in the words of the API.
fn invalid(path: &serde_path_to_error::Path, said: &str) -> Problem {
    let place = pointer::of_path(path);
    let said = said.rfind(" at line ").map_or(said, |end| &said[..end]);
    if let Some(name) = quoted(said, "unknown field `") {
        let place = pointer::ending_in(&place, name);
        let field = FieldProblem::new(place, "unknown", "This field is not known here.");
        return Problem::new(Code::FieldUnknown).field(field);
    }
    if let Some(name) = quoted(said, "missing field `") {
        let field = FieldProblem::new(pointer::ending_in(&place, name), "required", "This field is required.");
        return Problem::new(Code::BodyInvalid).field(field);
    }
    misfit(&place, said)
}

fn misfit(place: &str, said: &str) -> Problem {
    // Only what was expected is repeated: what was sent may be a secret.
    let expected = said.rsplit_once(", expected ").map(|(_, expected)| plain_words(expected));
    let message = expected.map_or("This cannot be read here.".to_owned(), |expected| format!("Expected {expected}."));
    Problem::new(Code::BodyInvalid).field(FieldProblem::new(place, "type", message))
}

/// The name after `prefix` up to its closing backtick.
fn quoted<'a>(said: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = said.strip_prefix(prefix)?;
    rest.split_once("`, ").map(|(name, _)| name).or_else(|| rest.strip_suffix('`'))
}

/// Rust's names of types, said for people.
fn plain_words(expected: &str) -> String {
    let word = expected.split(' ').next().unwrap_or_default();
    match word {
        "struct" | "map" => "an object".to_owned(),
        "sequence" => "a list".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number in range".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "tuple" | "unit" | "enum" | "newtype" | "internally" => "another form".to_owned(),
        _ => expected.replace('`', "'").trim_end_matches('.').to_owned(),
    }
}

#[cfg(test)]
mod tests;
