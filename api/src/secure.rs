//! Whether a request came over TLS: to this server, or to a proxy that is believed.

use actix_web::http::header::HeaderName;
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
