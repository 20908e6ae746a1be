//! `DELETE /api/v2/auth/sessions`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v2::auth::fresh;

/// How many sessions were ended.
#[derive(Serialize, ToSchema)]
pub struct EndedBody {
    /// So many.
    ended: usize,
}

/// Ends every session of the account but the one that asks.
#[utoipa::path(delete, path = "/api/v2/auth/sessions", tag = "identity", security(("bearer" = [])), responses(
    (status = 200, description = "Ended.", body = EndedBody)
))]
pub async fn end_others(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let ended = identity::end_other_sessions(app.get_ref(), caller.account, caller.session, fresh(&request)).await?;
    Ok(reply(&request, StatusCode::OK, &EndedBody { ended }))
}
