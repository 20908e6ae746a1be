//! `Idempotency-Key`: a request that is sent again under the same key is answered again and does nothing twice. The key
//! becomes the transaction's id, and what was asked its content, so receipts do the rest.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;
use domain::id::{SpaceId, TransactionId};
use infrastructure::clock;
use serde_json::{Value, json};
use uuid::Uuid;

use super::path::behind_prefix;
use crate::problem::{Code, Problem};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest key.
const KEY_BYTES_MAX: usize = 255;

/// A request to write, by its name.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The transaction's id: it follows from the key, or is new.
    pub transaction: TransactionId,
    /// What is asked: the same again under the same key is the same transaction, something else is refused.
    pub content: Value,
    /// Whether a key came with it.
    pub is_keyed: bool,
}

impl Asked {
    /// The name of this request with this body.
    ///
    /// # Errors
    /// `header_invalid`: the key is no key.
    pub fn of(request: &HttpRequest, space: SpaceId, body: &Value) -> Result<Self, Problem> {
        let path = behind_prefix(request.path()).unwrap_or_default();
        let content = json!([request.method().as_str(), path, request.query_string(), body]);
        let key = key(request)?;
        let transaction = match &key {
            Some(key) => Uuid::new_v5(&space.0, format!("v1/{key}").as_bytes()),
            None => clock::uuid_v7(),
        };
        Ok(Self { transaction: TransactionId(transaction), content, is_keyed: key.is_some() })
    }

    /// The id of the entity that this request creates as its `number`th: the same when it is sent again.
    pub fn new_id(&self, number: usize) -> Uuid {
        if self.is_keyed {
            Uuid::new_v5(&self.transaction.0, format!("entity/{number}").as_bytes())
        } else {
            clock::uuid_v7()
        }
    }
}

/// The key of a request, if it has one.
///
/// # Errors
/// `header_invalid`: the key is no key.
pub(super) fn key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(header) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = header.to_str().ok().map(str::trim).filter(|key| !key.is_empty() && key.len() <= KEY_BYTES_MAX);
    let key = key.ok_or_else(|| {
        Problem::new(Code::HeaderInvalid)
            .detail(format!("Idempotency-Key is 1 to {KEY_BYTES_MAX} visible characters, such as a UUID."))
    })?;
    Ok(Some(key.to_owned()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(path: &str, key: Option<&str>, body: Value) -> Result<Asked, Problem> {
        let request = TestRequest::post().uri(path);
        let request = match key {
            Some(key) => request.insert_header((IDEMPOTENCY_KEY, key)),
            None => request,
        };
        Asked::of(&request.to_http_request(), SpaceId(Uuid::from_u128(7)), &body)
    }

    #[test]
    fn the_same_key_is_the_same_transaction_under_both_prefixes() {
        let body = json!({ "title": "Run" });
        let one = asked("/api/tasks", Some("k1"), body.clone()).unwrap();
        let again = asked("/api/v1/tasks", Some("k1"), body.clone()).unwrap();
        assert_eq!(
            (one.transaction, &one.content, one.new_id(0)),
            (again.transaction, &again.content, again.new_id(0))
        );
        assert_ne!(one.new_id(0), one.new_id(1));
        let other = asked("/api/tasks", Some("k2"), body.clone()).unwrap();
        assert_ne!(one.transaction, other.transaction);
        let unkeyed = [(); 2].map(|()| asked("/api/tasks", None, body.clone()).unwrap().transaction);
        assert_ne!(unkeyed[0], unkeyed[1]);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for bad in ["", "   ", &"k".repeat(256)] {
            let refused = asked("/api/tasks", Some(bad), json!({})).unwrap_err();
            assert_eq!(refused.code(), "header_invalid", "{bad}");
        }
    }
}
