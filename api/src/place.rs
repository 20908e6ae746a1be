//! From where a request comes.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;
use application::identity::Place;

/// What a client says it is, such as `ios/4.1.0`.
const X_APP_VERSION: HeaderName = HeaderName::from_static("x-app-version");

/// The address of the client: the one place that decides whom to believe about it.
pub fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    request.peer_addr().map(|address| address.ip())
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
