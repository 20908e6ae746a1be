//! Which pages of other origins may read the answers (the CORS protocol of the Fetch standard): those that the operator
//! named, and no other. A page of this server's own origin needs none of it.

use actix_cors::{Cors, CorsError};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH, LINK, RETRY_AFTER, VARY,
};
use actix_web::{Error, web};

use super::farewell::{DEPRECATION, SUNSET};
use super::{X_API_VERSION, X_MIN_VERSION, X_REQUEST_ID, X_SERVER_TIME};
use crate::caller::{X_CSRF_TOKEN, X_WAIT_FOR, is_listed, origin_refused};
use crate::problem::{Code, Problem};
use crate::state::App;

/// How long a browser may remember what it was allowed; browsers have bounds of their own below it.
const PREFLIGHT_S_MAX: usize = 24 * 60 * 60;

/// What a page may send besides what every page may.
const SENT: [HeaderName; 12] = [
    ACCEPT,
    AUTHORIZATION,
    CONTENT_ENCODING,
    CONTENT_TYPE,
    IF_NONE_MATCH,
    X_API_VERSION,
    X_CSRF_TOKEN,
    X_REQUEST_ID,
    X_WAIT_FOR,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("last-event-id"),
    HeaderName::from_static("x-app-version"),
];

/// What a page may read besides what every page may.
const READ: [HeaderName; 14] = [
    ETAG,
    LINK,
    RETRY_AFTER,
    DEPRECATION,
    SUNSET,
    X_API_VERSION,
    X_MIN_VERSION,
    X_REQUEST_ID,
    X_SERVER_TIME,
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
    HeaderName::from_static("ratelimit-limit"),
    HeaderName::from_static("ratelimit-remaining"),
    HeaderName::from_static("ratelimit-reset"),
];

/// The middleware that answers preflights, before any route is looked for, and marks the answers to listed origins.
pub fn cors(app: web::Data<App>) -> Cors {
    Cors::default()
        .allowed_origin_fn(move |origin, _| origin.to_str().is_ok_and(|origin| is_listed(&app, origin)))
        .allowed_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers(SENT)
        .expose_headers(READ)
        .supports_credentials()
        .max_age(PREFLIGHT_S_MAX)
}

/// What a refused preflight means; none when the error is another.
pub(super) fn refusal(error: &Error) -> Option<Problem> {
    Some(match error.as_error::<CorsError>()? {
        CorsError::OriginNotAllowed => origin_refused(),
        CorsError::MethodNotAllowed => Problem::new(Code::MethodNotAllowed),
        other => Problem::new(Code::HeaderInvalid).detail(format!("{other}.")),
    })
}

/// Takes the marks over from an answer to the one that replaces it.
pub(super) fn keep(from: &HeaderMap, to: &mut HeaderMap) {
    for name in [VARY, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS] {
        if let Some(value) = from.get(&name) {
            to.insert(name, value.clone());
        }
    }
}

/// Removes the marks that mean nothing to an origin that is not listed, and would only say what it is missing.
pub(super) fn hush(headers: &mut HeaderMap) {
    if !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
        headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
    }
}
