//! The name of one request, for the log here and the caller there.

use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderValue};
use infrastructure::clock;

use super::X_REQUEST_ID;

/// Bytes of an id that a caller may give.
const REQUEST_ID_BYTES_MAX: usize = 64;

/// The id of the request being answered; in the request's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id that the caller gave, if it is a sane one; else a new one.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(X_REQUEST_ID).and_then(|id| id.to_str().ok()).filter(|id| is_sane(id));
        Self(given.map_or_else(|| clock::uuid_v7().to_string().into(), Into::into))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same, to be carried on.
    pub fn name(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    pub(super) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
    }
}

/// Short, and nothing that could change the meaning of a log line or a header.
fn is_sane(id: &str) -> bool {
    (1..=REQUEST_ID_BYTES_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_kept_and_any_other_is_replaced() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(X_REQUEST_ID, HeaderValue::from_str(text).unwrap());
            RequestId::of(&headers).as_str().to_owned()
        };
        assert_eq!(of("abc-123_x.y"), "abc-123_x.y");
        for bad in ["", "a b", "{\"x\":1}", "x=y", &"x".repeat(65)] {
            assert_ne!(of(bad), bad);
        }
    }
}
