//! `GET /api/v2/goals` and `GET /api/v2/goals/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;

use super::wire::{FieldsParams, ListBody, ListParams};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// The caller's goals, each with its `progress` from 0 to 1.
#[utoipa::path(
    get, path = "/api/v2/goals", operation_id = "list_goals", tag = "entities", security(("bearer" = [])),
    params(
        ListParams,
        ("status" = Option<String>, Query, description = "`active`, `paused` or `completed`"),
        ("completed" = Option<bool>, Query, description = "Whether it is completed."),
        ("priority" = Option<String>, Query, description = "`low`, `medium` or `high`"),
        ("skill_id" = Option<String>, Query, description = "Of this skill; `null`: of none."),
        ("tag" = Option<Vec<String>>, Query, description = "With this tag; given several times, with all of them."),
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
    super::list::list(&app, &request, &caller, Kind::Goal).await
}

/// One goal of the caller's, also when it is deleted.
#[utoipa::path(
    get, path = "/api/v2/goals/{id}", operation_id = "get_goal", tag = "entities", security(("bearer" = [])),
    params(("id" = String, Path, description = "The goal's id."), FieldsParams),
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
    super::one::one(&app, &request, &caller, Kind::Goal, &id).await
}
