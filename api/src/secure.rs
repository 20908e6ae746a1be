//! Over what a request came, and to which origin: by TLS to this server, or to a proxy that is believed.

use actix_web::http::header::{HOST, HeaderName};
use actix_web::{HttpRequest, web};

use crate::state::App;

const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Whether the client's connection is encrypted. Anybody can send `X-Forwarded-Proto`; only a proxy that the operator
/// named is believed, and of several words the last, which is its own.
pub fn is_secure(request: &HttpRequest) -> bool {
    if request.app_config().secure() {
        return true;
    }
    let said = request.headers().get_all(X_FORWARDED_PROTO).last().and_then(|said| said.to_str().ok());
    let said = said.and_then(|said| said.rsplit(',').next()).map(str::trim).unwrap_or_default();
    said.eq_ignore_ascii_case("https") && is_from_trusted_proxy(request)
}

fn is_from_trusted_proxy(request: &HttpRequest) -> bool {
    let Some(app) = request.app_data::<web::Data<App>>() else { return false };
    let Some(peer) = request.peer_addr().map(|peer| peer.ip().to_canonical()) else { return false };
    app.serving.http.trusted_proxies.iter().any(|network| network.contains(&peer))
}

/// Scheme, host and port that this request was sent to, as a browser writes them in `Origin`: in lower case and without
/// the scheme's own port. HTTP/2 says the host in its target.
pub fn own_origin(request: &HttpRequest) -> Option<String> {
    let (scheme, port) = if is_secure(request) { ("https", ":443") } else { ("http", ":80") };
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let host = authority.or_else(|| request.headers().get(HOST)?.to_str().ok())?.to_ascii_lowercase();
    (!host.is_empty()).then(|| format!("{scheme}://{}", host.strip_suffix(port).unwrap_or(&host)))
}
