//! From where a request comes and over what: the one place that decides whom to believe about it. Headers of proxies are
//! believed when they come from a proxy that the operator trusts, and from nobody else.

mod client;
mod forwarded;
mod origin;

use std::net::IpAddr;

use actix_web::http::header::HeaderName;
use actix_web::{HttpRequest, web};
use application::identity::Place;
use ipnet::IpNet;

pub use client::Client;
pub use origin::own_origin;

use crate::state::App;

/// What a client says it is, such as `ios/4.1.0`.
const X_APP_VERSION: HeaderName = HeaderName::from_static("x-app-version");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The address of the client: the other end of the connection, or, where that is a trusted proxy, the nearest address
/// that the chain of proxies names and that is not a trusted proxy itself.
pub fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = peer(request)?;
    if !forwarded::is_trusted(peer, trusted(request)) {
        return Some(peer);
    }
    Some(forwarded::client(peer, request.headers().get_all(X_FORWARDED_FOR), trusted(request)))
}

/// Whether what the client sends is encrypted on its way: by TLS here, or by a trusted proxy that says so. Where several
/// proxies speak, all must say so.
pub fn is_secure(request: &HttpRequest) -> bool {
    if request.app_config().secure() {
        return true;
    }
    let mut said = forwarded::words(request.headers().get_all(X_FORWARDED_PROTO)).peekable();
    is_proxied(request) && said.peek().is_some() && said.all(|word| word.eq_ignore_ascii_case("https"))
}

/// What is kept of where a request comes from.
pub fn place(request: &HttpRequest) -> Place {
    Place { network: Place::of(client_address(request), None).network, app_version: app_version(request) }
}

/// What the client says it is, if it does; cut and cleaned.
pub fn app_version(request: &HttpRequest) -> Option<String> {
    let said = request.headers().get(X_APP_VERSION)?.to_str().ok()?;
    Place::of(None, Some(said)).app_version
}

/// Whether the other end of the connection is a trusted proxy.
fn is_proxied(request: &HttpRequest) -> bool {
    peer(request).is_some_and(|peer| forwarded::is_trusted(peer, trusted(request)))
}

fn peer(request: &HttpRequest) -> Option<IpAddr> {
    request.peer_addr().map(|address| address.ip().to_canonical())
}

fn trusted(request: &HttpRequest) -> &[IpNet] {
    request.app_data::<web::Data<App>>().map_or(&[], |app| &app.serving.http.trusted_proxies)
}

#[cfg(test)]
mod tests;
