//! The origin of this server as the client sees it (RFC 6454), to be compared with the `Origin` of a browser's request.

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, HeaderName};

use super::{forwarded, is_proxied, is_secure};

const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Scheme, host and port that this request was sent to, as a browser writes them in `Origin`: in lower case and without
/// the scheme's own port. Nothing when the request names no usable host.
pub fn own_origin(request: &HttpRequest) -> Option<String> {
    let (scheme, port) = if is_secure(request) { ("https", ":443") } else { ("http", ":80") };
    let host = forwarded_host(request).or_else(|| host(request))?.to_ascii_lowercase();
    let is_usable =
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte));
    is_usable.then(|| format!("{scheme}://{}", host.strip_suffix(port).unwrap_or(&host)))
}

/// What a trusted proxy says that the client asked for.
fn forwarded_host(request: &HttpRequest) -> Option<&str> {
    is_proxied(request).then(|| forwarded::words(request.headers().get_all(X_FORWARDED_HOST)).next_back()).flatten()
}

/// The authority of HTTP/2, or the header of HTTP/1.1.
fn host(request: &HttpRequest) -> Option<&str> {
    let authority = request.uri().authority().map(|authority| authority.as_str());
    authority.or_else(|| request.headers().get(HOST)?.to_str().ok())
}
