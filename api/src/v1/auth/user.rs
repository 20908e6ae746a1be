//! `GET /api/auth/user`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::wire;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// The caller's account. The old server also sent the password's hash and the token of a reset; nothing secret is sent here.
pub async fn user(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let user = app.legacy.user(caller.account).await?.ok_or_else(wire::gone)?;
    Ok(reply(&request, StatusCode::OK, &wire::user(user)))
}
