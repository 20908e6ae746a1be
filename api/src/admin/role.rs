//! `POST /api/v2/admin/accounts/{id}/role`

use actix_web::{HttpResponse, web};
use application::identity::Role;
use application::identity::admin::change_role;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AccountPath, order};
use crate::body::Body;
use crate::caller::role::Admin;
use crate::problem::{Content, Problem};
use crate::state::App;

/// What an account may do from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleBody {
    /// `user`, `support` or `admin`.
    role: RoleName,
}

/// What an account may do.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    /// Reads and writes its own space.
    User,
    /// Also reads audit and history.
    Support,
    /// Also administers.
    Admin,
}

/// Gives an account another role, from its next request on.
#[utoipa::path(post, path = "/api/v2/admin/accounts/{id}/role", tag = "admin", params(("id" = uuid::Uuid, Path)),
request_body = RoleBody, security(("bearer" = [])), responses(
    (status = 204, description = "It has that role."),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`last_admin`: oneself, and nobody else could undo it.", body = Content,
     content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn role(
    app: web::Data<App>,
    by: Admin,
    path: AccountPath,
    body: Result<Body<RoleBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    let (order, asked) = (order(&by, path)?, body?.0);
    change_role(&app.directory, order, asked.role.into()).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::User => Self::User,
            RoleName::Support => Self::Support,
            RoleName::Admin => Self::Admin,
        }
    }
}
