//! Entity tags: what a reader holds is still right while the space stands where it stood. Weak, because the same rows
//! may be compressed one way or another.

use std::fmt::Write;

use actix_web::http::header::{
    CACHE_CONTROL, ETAG, EntityTag, Header, HeaderValue, IfNoneMatch, TryIntoHeaderValue, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::body::Format;
use crate::caller::Caller;

/// Bytes of SHA-256 that a tag shows.
const TAG_BYTES: usize = 16;
/// One account's own; to be asked for again before each use.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// What decides whether an answer is still right.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The life of the log.
    pub epoch: Uuid,
    /// The last position.
    pub position: i64,
    /// Repairs of the projections so far.
    pub repairs: i64,
    /// What else the answer was made from, such as the reader's local day.
    pub more: &'a str,
}

/// Whether the caller holds something and asks if it is still right.
pub fn is_asked(request: &HttpRequest) -> bool {
    request.headers().contains_key(actix_web::http::header::IF_NONE_MATCH)
}

/// The tag of the answer to this request on this basis.
pub fn tag(request: &HttpRequest, caller: &Caller, basis: &Basis<'_>) -> EntityTag {
    let Basis { epoch, position, repairs, more } = basis;
    let form = Format::accepted(request).media_type();
    let (path, query) = (request.path(), request.query_string());
    let text = format!("{}\n{epoch}\n{position}\n{repairs}\n{more}\n{form}\n{path}\n{query}", caller.space);
    let hash = Sha256::digest(text.as_bytes());
    let hex = hash.iter().take(TAG_BYTES).fold(String::with_capacity(2 * TAG_BYTES), |mut hex, byte| {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    EntityTag::new_weak(hex)
}

/// `304 Not Modified`, if what the caller holds is still right.
pub fn unchanged(request: &HttpRequest, tag: &EntityTag) -> Option<HttpResponse> {
    let is_held = match IfNoneMatch::parse(request).ok()? {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(held) => held.iter().any(|held| held.weak_eq(tag)),
    };
    is_held.then(|| tagged(HttpResponse::NotModified().finish(), tag))
}

/// The answer with its tag.
pub fn tagged(mut response: HttpResponse, tag: &EntityTag) -> HttpResponse {
    let headers = response.headers_mut();
    if let Ok(tag) = tag.clone().try_into_value() {
        headers.insert(ETAG, tag);
        headers.insert(CACHE_CONTROL, PRIVATE);
        headers.insert(VARY, HeaderValue::from_static("Accept"));
    }
    response
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;
    use domain::id::{AccountId, DeviceId, SessionId, SpaceId};

    use super::*;

    fn caller(number: u128) -> Caller {
        let id = Uuid::from_u128(number);
        let (account, device, session) = (AccountId(id), DeviceId(id), SessionId(id));
        Caller { account, space: SpaceId(id), device, session, issued_at: 0, expires_at: 0, network: None }
    }

    fn basis(position: i64, more: &str) -> Basis<'_> {
        Basis { epoch: Uuid::nil(), position, repairs: 0, more }
    }

    #[test]
    fn an_answer_is_unchanged_while_everything_it_was_made_from_is() {
        let request = |held: &str| {
            TestRequest::with_uri("/api/v2/tasks?limit=3").insert_header(("If-None-Match", held)).to_http_request()
        };
        let held = tag(&request(""), &caller(1), &basis(5, "2026-10-24")).to_string();
        let request = request(&format!("\"x\", {held}"));
        let unchanged = |caller: Caller, basis: Basis<'_>| unchanged(&request, &tag(&request, &caller, &basis));
        let same = unchanged(caller(1), basis(5, "2026-10-24")).unwrap();
        assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
        assert!(same.headers().contains_key(ETAG));
        assert!(unchanged(caller(1), basis(6, "2026-10-24")).is_none());
        assert!(unchanged(caller(1), basis(5, "2026-10-25")).is_none());
        assert!(unchanged(caller(2), basis(5, "2026-10-24")).is_none());
    }
}
