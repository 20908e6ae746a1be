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
    let app_version = request.headers().get(X_APP_VERSION).and_then(|value| value.to_str().ok());
    Place::of(client_address(request), app_version)
}
