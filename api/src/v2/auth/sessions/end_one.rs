//! `DELETE /api/v2/auth/sessions/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;
use domain::id::SessionId;
use uuid::Uuid;

use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;
use crate::v2::auth::fresh;

/// Ends one session of the account, which may be the one that asks. Its tokens are no longer good, and its live
/// connections are closed within a second.
#[utoipa::path(delete, path = "/api/v2/auth/sessions/{id}", tag = "identity", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The session.")), responses(
    (status = 204, description = "Ended."),
    (status = 400, description = "`path_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no session of the account, or one that has ended.", body = Content,
     content_type = "application/problem+json")
))]
pub async fn end_one(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let session = SessionId(id.into_inner());
    identity::end_session(app.get_ref(), caller.account, caller.session, session, fresh(&request)).await?;
    Ok(HttpResponse::NoContent().finish())
}
