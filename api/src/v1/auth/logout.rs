//! `POST /api/auth/logout`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;

use super::wire;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::idempotency::key;
use crate::v2::auth::fresh;

/// Ends the session that asks. Whoever has none is where it wants to be.
pub async fn logout(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Result<Caller, Problem>,
) -> Result<HttpResponse, Problem> {
    key(&request)?;
    match caller {
        Ok(caller) => identity::sign_out(app.get_ref(), caller.account, caller.session, fresh(&request)).await?,
        Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => {}
        Err(problem) => return Err(problem),
    }
    Ok(wire::said(&request, "You are signed out."))
}
