//! How a browser's session begins and goes on: what is checked before there is a caller.

use actix_web::HttpRequest;
use application::identity::{self, CsrfSecret, Secret};
use infrastructure::clock;

use super::{cookies, csrf, origin};
use crate::problem::{Code, FieldProblem, Problem};
use crate::state::App;

/// The secret of the session that is about to begin; none when no cookies are asked for.
///
/// # Errors
/// `origin_refused`: another page could sign the browser in to an account of its own, to see what is written there.
pub fn begins(app: &App, request: &HttpRequest, wants_cookies: bool) -> Result<Option<CsrfSecret>, Problem> {
    if !wants_cookies {
        return Ok(None);
    }
    origin::check(app, request)?;
    Ok(Some(CsrfSecret::new(clock::random_bytes())))
}

/// The refresh token of the request: the one in the body, else the cookie. With the cookie comes the secret of its
/// session, which was checked, and the next tokens go into cookies again.
///
/// # Errors
/// `body_invalid`, `origin_refused`, `csrf_invalid`.
pub async fn goes_on(
    app: &App,
    request: &HttpRequest,
    said: Option<String>,
) -> Result<(Secret, Option<CsrfSecret>), Problem> {
    if let Some(said) = said {
        return Ok((Secret::new(said), None));
    }
    let presented = cookies::refresh(request).map(Secret::new).ok_or_else(|| {
        let field = FieldProblem::new("/refresh_token", "required", "This field is required, unless it is a cookie.");
        Problem::new(Code::BodyInvalid).field(field)
    })?;
    origin::check(app, request)?;
    let secret = csrf::said(request)?;
    identity::check_csrf_of_refresh(app, &presented, &secret).await?;
    Ok((presented, Some(secret)))
}
