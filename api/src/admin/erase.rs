//! `POST` and `DELETE /api/v2/admin/accounts/{id}/erase`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::admin::{cancel_erasure, schedule_erasure};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AccountPath, order};
use crate::body::{Body, reply};
use crate::caller::role::Admin;
use crate::problem::{Code, Content, FieldProblem, Problem};
use crate::state::App;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Days of grace at most.
const GRACE_DAYS_MAX: i64 = 365;

/// When an account is to be erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseBody {
    /// Days until then, 0 to 365, during which it can be called off; as the server is set, when absent.
    grace_days: Option<i64>,
}

/// When an account ends.
#[derive(Serialize, ToSchema)]
pub struct EraseAfterBody {
    /// From when on everything of it is erased, ms.
    erase_after: i64,
}

/// Schedules the erasure of an account: it is signed out everywhere and told by mail. A date that it has already stays.
#[utoipa::path(post, path = "/api/v2/admin/accounts/{id}/erase", tag = "admin", operation_id = "schedule_erasure",
params(("id" = uuid::Uuid, Path)), request_body = EraseBody, security(("bearer" = [])), responses(
    (status = 202, description = "Scheduled.", body = EraseAfterBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`last_admin`: oneself, and nobody else could call it off.", body = Content,
     content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`, `field_unknown`, `fields_invalid`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn schedule(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    path: AccountPath,
    body: Result<Body<EraseBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    let (order, asked) = (order(&by, path)?, body?.0);
    let days = asked.grace_days.unwrap_or(app.serving.identity.deletion_grace_days);
    if !(0..=GRACE_DAYS_MAX).contains(&days) {
        let message = format!("grace_days is 0 to {GRACE_DAYS_MAX}.");
        let field = FieldProblem::new("/grace_days", "out_of_range", message).limit("max", GRACE_DAYS_MAX);
        return Err(Problem::new(Code::FieldsInvalid).field(field));
    }
    let erase_after = order.at + days * DAY_MS;
    let erase_after = schedule_erasure(&app.directory, &app.revocations, order, erase_after).await?;
    Ok(reply(&request, StatusCode::ACCEPTED, &EraseAfterBody { erase_after }))
}

/// Calls an erasure off, whoever asked for it. Where none is scheduled, nothing changes.
#[utoipa::path(delete, path = "/api/v2/admin/accounts/{id}/erase", tag = "admin", operation_id = "cancel_erasure",
params(("id" = uuid::Uuid, Path)), security(("bearer" = [])), responses(
    (status = 204, description = "The account stays."),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: or its erasure has begun.", body = Content, content_type = "application/problem+json")
))]
pub async fn cancel(app: web::Data<App>, by: Admin, path: AccountPath) -> Result<HttpResponse, Problem> {
    cancel_erasure(&app.directory, order(&by, path)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
