//! `POST /api/v2/auth/logout`

use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;

use super::fresh;
use crate::caller::{Caller, cookies};
use crate::problem::Problem;
use crate::state::App;

/// Ends the session that asks. Its tokens are no longer good, and its live connections are closed.
#[utoipa::path(post, path = "/api/v2/auth/logout", tag = "identity", security(("bearer" = [])), responses(
    (status = 204, description = "Signed out.")
))]
pub async fn logout(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    identity::sign_out(app.get_ref(), caller.account, caller.session, fresh(&request)).await?;
    let mut response = HttpResponse::NoContent().finish();
    cookies::clear(&request, &mut response)?;
    Ok(response)
}
