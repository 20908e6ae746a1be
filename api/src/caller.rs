//! Who is calling: the one place that turns a bearer token into an account, its space, its device and its session.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use domain::id::{AccountId, DeviceId, SessionId, SpaceId};
use domain::session::Because;
use infrastructure::tokens::TokenRejection;

use crate::problem::{Code, Problem};
use crate::state::App;

const CHALLENGE: &str = r#"Bearer realm="levelup""#;
const CHALLENGE_INVALID: &str = r#"Bearer realm="levelup", error="invalid_token""#;

/// Who is calling, by a token that this server signed. As an argument of a handler it refuses strangers with 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub account: AccountId,
    /// The caller's own space.
    pub space: SpaceId,
    /// From which device.
    pub device: DeviceId,
    /// In which session.
    pub session: SessionId,
    /// When the token ends, ms since the Unix epoch.
    pub expires_at: i64,
}

/// Who holds this access token; for tokens that come in a message instead of a header.
pub fn authenticate(app: &App, token: &str) -> Result<Caller, Problem> {
    let claims = app.tokens.verify(token).map_err(|rejection| match rejection {
        TokenRejection::Expired => Problem::new(Code::TokenExpired)
            .detail("Get a new access token from /api/v2/auth/refresh.")
            .challenge(CHALLENGE_INVALID),
        TokenRejection::Invalid => {
            Problem::new(Code::TokenInvalid).detail("Sign in again.").challenge(CHALLENGE_INVALID)
        }
    })?;
    if let Some(because) = app.revocations.reason(claims.session) {
        return Err(revoked(because));
    }
    Ok(Caller {
        account: claims.account,
        space: SpaceId::from(claims.account),
        device: claims.device,
        session: claims.session,
        expires_at: claims.expires_at_s.saturating_mul(1_000),
    })
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(of_request(request))
    }
}

fn of_request(request: &HttpRequest) -> Result<Caller, Problem> {
    let app = request.app_data::<web::Data<App>>().ok_or_else(|| Problem::internal("no state in the request"))?;
    let caller = authenticate(app, bearer(request).ok_or_else(missing)?)?;
    let span = tracing::Span::current();
    span.record("account.id", tracing::field::display(caller.account));
    span.record("device.id", tracing::field::display(caller.device));
    app.limits.admit(request, &caller)?;
    Ok(caller)
}

/// The token of an `Authorization: Bearer` header (RFC 6750, section 2.1); the scheme's case does not matter.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.headers().get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What a session is told that has ended before its token.
pub fn revoked(because: Because) -> Problem {
    let problem = Problem::new(Code::SessionRevoked).detail(because.sentence());
    problem.with("because", because.as_str()).challenge(CHALLENGE_INVALID)
}

fn missing() -> Problem {
    Problem::new(Code::TokenMissing).detail("Send `Authorization: Bearer <access token>`.").challenge(CHALLENGE)
}

#[cfg(test)]
mod tests;
