//! Bodies of clients in the field: one may be absent where it is expected, there where none is, and called anything.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde_json::{Map, Value};

use super::surrogates::mended;
use crate::body::{Format, RawBody, decode};
use crate::problem::{Code, FieldProblem, Problem};

/// The members of a body; none of an absent one. What is no JSON object is refused with `body_invalid`.
pub struct OldBody(pub Map<String, Value>);

impl FromRequest for OldBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let raw = RawBody::of_old_client(request, payload);
        Box::pin(async move {
            let RawBody { format, bytes, held: _held } = raw.await?;
            members(format, &bytes).map(Self)
        })
    }
}

fn members(format: Format, bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    let bytes = match format {
        Format::Json => mended(bytes),
        Format::Cbor => bytes.into(),
    };
    decode(format, &bytes).map_err(|_| {
        let field = FieldProblem::new("", "type", "Expected an object.");
        Problem::new(Code::BodyInvalid).detail("The body is no JSON object.").field(field)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_body_says_nothing_and_what_is_no_object_is_refused() {
        for absent in ["", " \n", "{}"] {
            assert_eq!(members(Format::Json, absent.as_bytes()).unwrap_or_default(), Map::new(), "{absent:?}");
        }
        let said = members(Format::Json, br#"{"title":"Run","x":[1]}"#).unwrap_or_default();
        assert_eq!((said.len(), &said["title"]), (2, &Value::from("Run")));
        let cut = members(Format::Json, br#"{"title":"Run \ud83d"}"#).unwrap_or_default();
        assert_eq!(cut["title"], "Run \u{fffd}", "half a character costs nobody the rest");
        for bad in ["null", "[]", "7", "\"{}\"", "{", "title=Run", "{\"a\":1e999}", "\u{1}"] {
            assert_eq!(members(Format::Json, bad.as_bytes()).unwrap_err().code(), "body_invalid", "{bad}");
        }
    }
}
