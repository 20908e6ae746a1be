//! `POST /api/v2/admin/accounts/{id}/lock` and `…/unlock`

use actix_web::{HttpResponse, web};
use application::identity::admin;

use super::{AccountPath, order};
use crate::caller::role::Admin;
use crate::problem::{Content, Problem};
use crate::state::App;

/// Keeps an account out: its sessions end at once, and it is told by mail.
#[utoipa::path(post, path = "/api/v2/admin/accounts/{id}/lock", tag = "admin", params(("id" = uuid::Uuid, Path)),
security(("bearer" = [])), responses(
    (status = 204, description = "It is locked, now or already before."),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`last_admin`: oneself, and nobody else could unlock it.", body = Content,
     content_type = "application/problem+json")
))]
pub async fn lock(app: web::Data<App>, by: Admin, path: AccountPath) -> Result<HttpResponse, Problem> {
    admin::lock(&app.directory, &app.revocations, order(&by, path)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Lets an account in again.
#[utoipa::path(post, path = "/api/v2/admin/accounts/{id}/unlock", tag = "admin", params(("id" = uuid::Uuid, Path)),
security(("bearer" = [])), responses(
    (status = 204, description = "It is not locked, no more or never."),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
))]
pub async fn unlock(app: web::Data<App>, by: Admin, path: AccountPath) -> Result<HttpResponse, Problem> {
    admin::unlock(&app.directory, order(&by, path)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
