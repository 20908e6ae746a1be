//! From which page a browser asks. A browser says so in `Origin` (RFC 6454) and `Sec-Fetch-Site` (Fetch Metadata), which
//! no page can forge; whoever can send these headers as they like has no browser and no cookies of somebody else.

use actix_web::HttpRequest;
use actix_web::http::Uri;
use actix_web::http::header::{HeaderName, ORIGIN};

use crate::place::own_origin;
use crate::problem::{Code, Problem};
use crate::state::App;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whose page asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    /// No page, or one of this server's own that does not say so, as it may for what only reads.
    Unsaid,
    /// One of this server's own.
    Own,
    /// One of an origin that the operator named.
    Listed,
    /// Any other, or one that hides where it is from (`null`).
    Foreign,
}

/// Refuses a page of another origin than this server's own and those that the operator named.
pub(super) fn check(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    match page(app, request) {
        Page::Foreign => Err(refused()),
        Page::Unsaid | Page::Own | Page::Listed => Ok(()),
    }
}

/// The same for a WebSocket handshake: no rule of the browser keeps other pages from making one and from reading what
/// comes, and every browser says there from where it asks (RFC 6455, section 10.2). So silence is refused too.
pub(super) fn check_handshake(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    match page(app, request) {
        Page::Unsaid | Page::Foreign => Err(refused()),
        Page::Own | Page::Listed => Ok(()),
    }
}

/// Whether the operator named this origin.
pub fn is_listed(app: &App, origin: &str) -> bool {
    app.serving.http.origins.iter().any(|listed| listed.eq_ignore_ascii_case(origin))
}

/// What a page of another origin is told.
pub fn refused() -> Problem {
    Problem::new(Code::OriginRefused).detail("The operator of this server names the origins whose pages may call it.")
}

fn page(app: &App, request: &HttpRequest) -> Page {
    let is_cross_site =
        request.headers().get_all(SEC_FETCH_SITE).any(|site| site.as_bytes().eq_ignore_ascii_case(b"cross-site"));
    let mut origins = request.headers().get_all(ORIGIN);
    match (origins.next().map(|origin| origin.to_str().unwrap_or_default()), origins.next()) {
        (None, _) if !is_cross_site => Page::Unsaid,
        (Some(origin), None) if is_listed(app, origin) => Page::Listed,
        (Some(origin), None) if is_own(app, request, origin) && !is_cross_site => Page::Own,
        _ => Page::Foreign,
    }
}

/// Whether the origin is where this request was sent to, or where the operator says that people reach this server.
fn is_own(app: &App, request: &HttpRequest, origin: &str) -> bool {
    let public = app.serving.http.public_url.parse::<Uri>().ok().and_then(|url| {
        let (scheme, authority) = (url.scheme_str()?.to_owned(), url.authority()?.to_string());
        Some(format!("{scheme}://{authority}"))
    });
    [own_origin(request), public].into_iter().flatten().any(|own| own.eq_ignore_ascii_case(origin))
}
