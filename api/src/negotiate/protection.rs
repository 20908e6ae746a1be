//! What an answer forbids a browser to do with it.

use actix_web::HttpRequest;
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

use crate::place::is_secure;
use crate::web::is_page;

/// An answer of the API is no page: nothing in it is loaded, run or framed.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// The documentation runs its own files, nothing inline and nothing from elsewhere, and asks this server only. Its style
/// sheet holds its pictures.
const POLICY_OF_DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A built web client runs its own files; styles, pictures and fonts may come from elsewhere, scripts and requests not.
const POLICY_OF_WEB: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline' https:; \
     img-src 'self' data: https:; font-src 'self' data: https:; connect-src 'self'; base-uri 'self'; \
     form-action 'self'; frame-ancestors 'none'";
/// A browser that has been here over TLS comes back over TLS for a year.
const TLS_ONLY: &str = "max-age=31536000";

/// Marks the answer to this request.
pub(super) fn protect(headers: &mut HeaderMap, request: &HttpRequest) {
    let is_html = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = match request.path() {
        path if path.starts_with("/docs/") => POLICY_OF_DOCS,
        path if is_html && is_page(path) => POLICY_OF_WEB,
        _ => POLICY,
    };
    let mut say = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    say(CONTENT_SECURITY_POLICY, policy);
    say(X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(X_FRAME_OPTIONS, "DENY");
    say(REFERRER_POLICY, "no-referrer");
    say(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    // Does not concern CORS requests, which the allow-list decides about.
    say(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if is_secure(request) {
        say(STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
}
