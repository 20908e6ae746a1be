//! `POST /api/v2/admin/rebuilds/{id}/pause`, `…/resume` and `…/cancel`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use infrastructure::postgres::rebuild::{Met, Order, order};

use super::wire::RebuildBody;
use super::{RebuildPath, id, missing};
use crate::body::reply;
use crate::caller::role::Admin;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Stops a rebuild after what its workers have in hand; it can go on later.
#[utoipa::path(post, path = "/api/v2/admin/rebuilds/{id}/pause", operation_id = "pause_rebuild", tag = "admin",
params(("id" = uuid::Uuid, Path)), security(("bearer" = [])), responses(
    (status = 200, description = "It is paused, now or already before.", body = RebuildBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`rebuild_ended`", body = Content, content_type = "application/problem+json")
))]
pub async fn pause(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    path: RebuildPath,
) -> Result<HttpResponse, Problem> {
    meet(&app, &request, &by, path, Order::Pause).await
}

/// Lets a rebuild go on where it was.
#[utoipa::path(post, path = "/api/v2/admin/rebuilds/{id}/resume", operation_id = "resume_rebuild", tag = "admin",
params(("id" = uuid::Uuid, Path)), security(("bearer" = [])), responses(
    (status = 200, description = "It goes on, now or already before.", body = RebuildBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`rebuild_ended`", body = Content, content_type = "application/problem+json")
))]
pub async fn resume(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    path: RebuildPath,
) -> Result<HttpResponse, Problem> {
    meet(&app, &request, &by, path, Order::Resume).await
}

/// Ends a rebuild. What it has switched stays; its shadow tables go.
#[utoipa::path(post, path = "/api/v2/admin/rebuilds/{id}/cancel", operation_id = "cancel_rebuild", tag = "admin",
params(("id" = uuid::Uuid, Path)), security(("bearer" = [])), responses(
    (status = 200, description = "It is cancelled, or will be as soon as its workers have stopped.", body = RebuildBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`rebuild_ended`", body = Content, content_type = "application/problem+json")
))]
pub async fn cancel(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    path: RebuildPath,
) -> Result<HttpResponse, Problem> {
    meet(&app, &request, &by, path, Order::Cancel).await
}

async fn meet(
    app: &App,
    request: &HttpRequest,
    by: &Admin,
    path: RebuildPath,
    what: Order,
) -> Result<HttpResponse, Problem> {
    let met = order(&app.pool, id(path)?, what, by.actor).await?;
    app.rebuilds.ring();
    match met {
        Met::Done(standing) => Ok(reply(request, StatusCode::OK, &RebuildBody::from(*standing))),
        Met::Ended(state) => Err(Problem::new(Code::RebuildEnded)
            .detail(format!("It is {}. Begin another one.", state.as_str()))
            .with("state", state.as_str())),
        Met::Unknown => Err(missing()),
    }
}
