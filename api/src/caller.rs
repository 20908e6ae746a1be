//! Who is calling: the one place that turns a token into an account, its space, its device and its session, whether it
//! came in the Authorization header, as a browser's cookie, or in a message of a live connection. Never from a URL: those
//! are kept in logs and histories.

pub mod browser;
pub mod cookies;
mod csrf;
mod origin;

pub mod role;

mod built;
mod new_keys;
mod wait_for;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use application::identity::{Asker, CsrfDigest, Network};
use application::submit::{Actor, WriterRole};
use domain::id::{AccountId, DeviceId, SessionId, SpaceId};
use domain::session::Because;
use futures_util::FutureExt;
use futures_util::future::Either;
use infrastructure::clock;
use infrastructure::tokens::TokenRejection;

use self::new_keys::{Answer, with_new_keys};
use crate::place::{app_version, client_address};
use crate::problem::{Code, Problem};
use crate::rollout;
use crate::state::App;

pub use csrf::X_CSRF_TOKEN;
pub use origin::{is_listed, refused as origin_refused};
pub use wait_for::{X_WAIT_FOR, awaited};

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
    /// When the token was signed, ms since the Unix epoch.
    pub issued_at: i64,
    /// When the token ends, ms since the Unix epoch.
    pub expires_at: i64,
    /// From which network, as far as that is known.
    pub network: Option<Network>,
}

impl Caller {
    /// The caller, for the use cases of identity.
    pub fn asker(&self) -> Asker {
        Asker { account: self.account, device: self.device, session: self.session }
    }

    /// The caller, as who writes in its own space.
    pub fn writer(&self) -> Actor {
        let Self { account, device, session, network, .. } = *self;
        Actor { account, device, session, role: WriterRole::Owner, network }
    }
}

/// Who holds this access token; for tokens that come in a message instead of a header.
pub fn authenticate(app: &App, token: &str) -> Result<Caller, Problem> {
    admit(app, token).map(|(caller, _)| caller)
}

/// Who opens a live connection: by the header, or by the cookie of a page that may. `None`: the token is still to come in
/// the first message.
pub async fn of_handshake(request: &HttpRequest) -> Result<Option<Caller>, Problem> {
    let (asking, app) = (request.clone(), request.app_data::<web::Data<App>>().cloned());
    let caller = with_new_keys(app, move || handshake(&asking)).await?;
    caller.map(|caller| welcome(state(request)?, request, caller)).transpose()
}

fn handshake(request: &HttpRequest) -> Result<Option<Caller>, Problem> {
    let app = state(request)?;
    if let Some(token) = bearer(request) {
        return authenticate(app, token).map(Some);
    }
    let Some(token) = cookies::access(request) else {
        return if request.headers().contains_key(AUTHORIZATION) { Err(missing()) } else { Ok(None) };
    };
    origin::check_handshake(app, request)?;
    authenticate(app, token).map(Some)
}

/// Who holds this access token, and what has to come with it if it came as a cookie.
fn admit(app: &App, token: &str) -> Result<(Caller, Option<CsrfDigest>), Problem> {
    let claims = app.tokens.verify(token).map_err(|rejection| match rejection {
        TokenRejection::Expired => Problem::new(Code::TokenExpired)
            .detail("Get a new access token from /api/v2/auth/refresh.")
            .challenge(CHALLENGE_INVALID),
        TokenRejection::KeyEnded => Problem::new(Code::TokenExpired)
            .detail("The key that signed it has ended. Get a new access token from /api/v2/auth/refresh.")
            .challenge(CHALLENGE_INVALID),
        TokenRejection::Invalid => {
            Problem::new(Code::TokenInvalid).detail("Sign in again.").challenge(CHALLENGE_INVALID)
        }
    })?;
    if let Some(because) = app.revocations.reason(claims.session) {
        return Err(revoked(because));
    }
    let caller = Caller {
        account: claims.account,
        space: SpaceId::from(claims.account),
        device: claims.device,
        session: claims.session,
        issued_at: claims.issued_at_s.saturating_mul(1_000),
        expires_at: claims.expires_at_s.saturating_mul(1_000),
        network: None,
    };
    Ok((caller, claims.csrf))
}

/// The same, and a token of a key that this node does not know yet is looked after first.
pub async fn authenticate_newest(app: &web::Data<App>, token: &str) -> Result<Caller, Problem> {
    let (asking, token) = (app.clone(), token.to_owned());
    with_new_keys(Some(app.clone()), move || authenticate(&asking, &token)).await
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Answer<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        let (asking, app) = (request.clone(), request.app_data::<web::Data<App>>().cloned());
        let are_current = app.as_ref().is_none_or(|app| app.folds.are_current());
        let admitted = with_new_keys(app, move || of_request(&asking));
        if are_current && !request.headers().contains_key(X_WAIT_FOR) {
            return admitted;
        }
        let waiting = async move {
            let caller = admitted.await?;
            built::wait(state(&request)?, &request, &caller).await?;
            wait_for::wait(state(&request)?, &request, &caller).await?;
            Ok(caller)
        };
        Either::Right(waiting.boxed_local())
    }
}

fn of_request(request: &HttpRequest) -> Result<Caller, Problem> {
    let app = state(request)?;
    let caller = match bearer(request) {
        Some(token) => authenticate(app, token)?,
        None => by_cookie(app, request)?,
    };
    welcome(app, request, caller)
}

/// The session that a request is of; kept with the request.
#[derive(Clone, Copy)]
struct Of(SessionId);

/// Whether the session that a request is of still goes on, now that the rest of the request has arrived: whoever sends it
/// slowly must not act for a session that ended meanwhile. Before anybody was let in, nobody's session has ended.
///
/// # Errors
/// `session_revoked`.
pub fn goes_on(request: &HttpRequest) -> Result<(), Problem> {
    let Some(Of(session)) = request.extensions().get::<Of>().copied() else { return Ok(()) };
    state(request)?.revocations.reason(session).map_or(Ok(()), |because| Err(revoked(because)))
}

/// Somebody who has proven who they are: seen, counted against their limits, and named in the log.
fn welcome(app: &App, request: &HttpRequest, caller: Caller) -> Result<Caller, Problem> {
    rollout::of_request(app, request, caller.account)?;
    request.extensions_mut().insert(Of(caller.session));
    app.presence.seen(caller.account, caller.device, app_version(request).as_deref(), clock::now_ms());
    app.limits.admit(request, &caller)?;
    let span = tracing::Span::current();
    span.record("account.id", tracing::field::display(caller.account));
    span.record("device.id", tracing::field::display(caller.device));
    Ok(Caller { network: client_address(request).map(Network::of), ..caller })
}

/// A browser sends its cookies whoever's page asks, so more is looked at than the token.
fn by_cookie(app: &App, request: &HttpRequest) -> Result<Caller, Problem> {
    let (caller, digest) = admit(app, cookies::access(request).ok_or_else(missing)?)?;
    origin::check(app, request)?;
    if !request.method().is_safe() {
        csrf::check(request, digest)?;
    }
    Ok(caller)
}

fn state(request: &HttpRequest) -> Result<&web::Data<App>, Problem> {
    request.app_data::<web::Data<App>>().ok_or_else(|| Problem::internal("no state in the request"))
}

/// The token of an `Authorization: Bearer` header (RFC 6750, section 2.1); the scheme's case does not matter.
pub(crate) fn bearer(request: &HttpRequest) -> Option<&str> {
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
