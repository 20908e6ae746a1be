//! What a request that is authenticated by cookies has to bring besides: the session's secret, which a page of another
//! origin can neither read nor make a browser send.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;
use application::identity::{CsrfDigest, CsrfSecret};

use crate::problem::{Code, Problem};

/// Where the secret stands.
pub const X_CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");

/// Lets the request pass if it brings the secret of its session.
pub(super) fn check(request: &HttpRequest, digest: Option<CsrfDigest>) -> Result<(), Problem> {
    let said = said(request)?;
    // A session without a secret has no cookies: somebody put its token into one.
    if digest.is_some_and(|digest| digest.is_of(&said)) { Ok(()) } else { Err(refused()) }
}

/// The secret that the request brings, whosever it is.
pub(super) fn said(request: &HttpRequest) -> Result<CsrfSecret, Problem> {
    let mut said = request.headers().get_all(X_CSRF_TOKEN);
    let (Some(one), None) = (said.next(), said.next()) else { return Err(refused()) };
    one.to_str().ok().and_then(CsrfSecret::parse).ok_or_else(refused)
}

fn refused() -> Problem {
    Problem::new(Code::CsrfInvalid).detail("Send the value of the cookie levelup_csrf in the header X-CSRF-Token.")
}
