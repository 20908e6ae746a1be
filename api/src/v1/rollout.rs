//! Which backend serves an account while accounts move from the legacy server to this one in steps. The flag
//! `new_backend` says who has moved; what is not this server's is refused with 421, and the proxy in front passes the same
//! request on to the legacy server. Without the flag everybody is served here. `docs/ROLLOUT.md` has the steps.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use application::identity::{Directory, Email, RefreshToken, RefreshTokens};
use domain::id::AccountId;
use infrastructure::flags::Said;
use serde_json::json;

use super::path::behind_prefix;
use crate::body::reply;
use crate::caller::{Caller, authenticate_newest, bearer};
use crate::problem::{Code, Problem};
use crate::state::App;

/// The flag of the accounts that have moved.
const FLAG: &str = "new_backend";
/// Where a client asks which backend serves it: answered here for everybody whose token is of this server.
const ASKED_HERE: &str = "/backend";
/// When to come back to a server that has just started.
const RETRY_MS: u64 = 1_000;

/// `GET /api/backend`: which backend serves the caller.
pub async fn backend(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let backend = if serves(&app, Some(caller.account))? { "new" } else { "legacy" };
    Ok(reply(&request, StatusCode::OK, &json!({ "backend": backend })))
}

/// The middleware that refuses requests of v1 with the token of somebody who is served elsewhere. A request without a token
/// is decided where its body is read.
pub async fn stand_aside<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    match check(&request).await {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(problem) => Ok(request.error_response(problem).map_into_right_body()),
    }
}

async fn check(request: &ServiceRequest) -> Result<(), Problem> {
    if behind_prefix(request.path()).is_none_or(|rest| rest == ASKED_HERE) {
        return Ok(());
    }
    let (Some(app), Some(token)) = (request.app_data::<web::Data<App>>(), bearer(request.request())) else {
        return Ok(());
    };
    if serves(app, None)? {
        return Ok(());
    }
    match authenticate_newest(app, token).await {
        Ok(caller) => of_account(app, Some(caller.account)),
        // Not a token of this server, so it is the other's.
        Err(problem) if problem.code() == Code::TokenInvalid.as_str() => Err(elsewhere()),
        // One of this server's that is good no more: its client is told so here.
        Err(_) => Ok(()),
    }
}

/// Refuses who has not moved, by the address that somebody signs in with.
///
/// # Errors
/// `account_elsewhere`, or the database is away.
pub(super) async fn by_address(app: &App, email: &str) -> Result<(), Problem> {
    if serves(app, None)? {
        return Ok(());
    }
    let Some(email) = Email::parse(email) else { return Err(elsewhere()) };
    let found = app.directory.credentials(&email).await?;
    of_account(app, found.map(|credentials| credentials.account.id))
}

/// Refuses who has not moved, by a refresh token; one that is unknown here is the other's.
///
/// # Errors
/// `account_elsewhere`, or the database is away.
pub(super) async fn by_refresh_token(app: &App, token: &str) -> Result<(), Problem> {
    if serves(app, None)? {
        return Ok(());
    }
    let Some(token) = RefreshToken::parse(token) else { return Err(elsewhere()) };
    let found = app.directory.refresh_token(token.digest()).await?;
    of_account(app, found.map(|(holder, _)| holder.account.id))
}

/// Refuses what nobody here knows, as long as somebody elsewhere may.
///
/// # Errors
/// `account_elsewhere`.
pub(super) fn of_unknown(app: &App) -> Result<(), Problem> {
    of_account(app, None)
}

fn of_account(app: &App, account: Option<AccountId>) -> Result<(), Problem> {
    if serves(app, account)? { Ok(()) } else { Err(elsewhere()) }
}

/// Whether this server serves an account; of nobody it knows, whether it serves everybody.
fn serves(app: &App, account: Option<AccountId>) -> Result<bool, Problem> {
    match app.flags.said(FLAG, account) {
        Said::NoFlag | Said::On => Ok(true),
        Said::Off => Ok(false),
        Said::NotYet => Err(Problem::new(Code::Unavailable)
            .detail("The server has just started and does not know yet whom it serves. Ask again.")
            .retry_after_ms(RETRY_MS)),
    }
}

fn elsewhere() -> Problem {
    Problem::new(Code::AccountElsewhere).detail("Ask the legacy server; a proxy in front of both does so by itself.")
}
