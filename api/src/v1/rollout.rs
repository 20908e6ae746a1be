//! Requests of v1 while accounts move from the legacy server to this one in steps: what is not this server's is refused with
//! 421, and the proxy in front passes the same request on to the legacy server.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use serde_json::json;

use super::path::behind_prefix;
use crate::body::reply;
use crate::caller::{Caller, authenticate_newest, bearer};
use crate::problem::{Code, Problem};
use crate::rollout::{elsewhere, of_account, serves};
use crate::state::App;

/// Where a client asks which backend serves it: answered here for everybody whose token is of this server.
const ASKED_HERE: &str = "/backend";

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

/// Whether a path is one of v1 that only whoever is served here may ask.
pub fn is_asked_elsewhere(path: &str) -> bool {
    behind_prefix(path).is_some_and(|rest| rest != ASKED_HERE)
}

async fn check(request: &ServiceRequest) -> Result<(), Problem> {
    if !is_asked_elsewhere(request.path()) {
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
