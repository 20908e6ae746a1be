//! Bodies as old clients send them: JSON whatever they say of themselves, and often none.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde_json::{Map, Value};

use crate::body::RawBody;
use crate::problem::{Code, Problem};

/// The members of a body; without a body there are none.
pub struct OldBody(pub Map<String, Value>);

impl FromRequest for OldBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let raw = RawBody::untyped(request, payload);
        Box::pin(async move {
            let RawBody { bytes, held: _held, .. } = raw.await?;
            members(&bytes).map(Self)
        })
    }
}

fn members(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Problem::new(Code::BodyInvalid).detail("The body is a JSON object.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_an_object_or_nothing() {
        for nothing in ["", " \r\n", "{}"] {
            assert!(members(nothing.as_bytes()).unwrap().is_empty(), "{nothing:?}");
        }
        assert_eq!(members(b" {\"a\": 1} ").unwrap()["a"], 1);
        for bad in ["null", "[]", "1", "{", "title=Run", "{\"a\":\"\\ud800\"}", "\u{feff}{}"] {
            assert_eq!(members(bad.as_bytes()).unwrap_err().code(), "body_invalid", "{bad:?}");
        }
    }
}
