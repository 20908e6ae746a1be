//! `GET /api/v2/skills` and `GET /api/v2/skills/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;

use super::wire::{FieldsParams, ListBody, ListParams};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// The caller's skills.
#[utoipa::path(
    get, path = "/api/v2/skills", operation_id = "list_skills", tag = "entities", security(("bearer" = [])),
    params(
        ListParams,
        ("kind" = Option<String>, Query, description = "`core`, `basic`, `advanced` or `mastery`"),
        ("category" = Option<String>, Query, description = "Of this category."),
        ("unlocked" = Option<bool>, Query, description = "Whether it is unlocked."),
    ),
    responses(
        (status = 200, description = "A page, with an ETag.", body = ListBody),
        (status = 304, description = "What the caller holds is still right."),
        (status = 400, description = "`query_invalid`, `page_invalid`", body = Content,
         content_type = "application/problem+json"),
        (status = 422, description = "`as_of_too_far`, `position_ahead`", body = Content,
         content_type = "application/problem+json")
    )
)]
pub async fn list(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    super::list::list(&app, &request, &caller, Kind::Skill).await
}

/// One skill of the caller's, also when it is deleted.
#[utoipa::path(
    get, path = "/api/v2/skills/{id}", operation_id = "get_skill", tag = "entities", security(("bearer" = [])),
    params(("id" = String, Path, description = "The skill's id."), FieldsParams),
    responses(
        (status = 200, description = "The row, with an ETag.", body = Object),
        (status = 304, description = "What the caller holds is still right."),
        (status = 400, description = "`query_invalid`", body = Content, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
        (status = 410, description = "`history_redacted`", body = Content, content_type = "application/problem+json"),
        (status = 422, description = "`position_ahead`", body = Content, content_type = "application/problem+json")
    )
)]
pub async fn one(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    super::one::one(&app, &request, &caller, Kind::Skill, &id).await
}
