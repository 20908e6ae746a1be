//! `DELETE /api/v2/admin/accounts/{id}/sessions`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::admin::end_sessions;
use serde::Serialize;
use utoipa::ToSchema;

use super::{AccountPath, order};
use crate::body::reply;
use crate::caller::role::Admin;
use crate::problem::{Content, Problem};
use crate::state::App;

/// What was ended.
#[derive(Serialize, ToSchema)]
pub struct EndedBody {
    /// How many sessions.
    ended: usize,
}

/// Ends every session of an account; it may sign in again.
#[utoipa::path(delete, path = "/api/v2/admin/accounts/{id}/sessions", tag = "admin",
params(("id" = uuid::Uuid, Path)), security(("bearer" = [])), responses(
    (status = 200, description = "None goes on.", body = EndedBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
))]
pub async fn end(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    path: AccountPath,
) -> Result<HttpResponse, Problem> {
    let ended = end_sessions(&app.directory, &app.revocations, order(&by, path)?).await?;
    Ok(reply(&request, StatusCode::OK, &EndedBody { ended }))
}
