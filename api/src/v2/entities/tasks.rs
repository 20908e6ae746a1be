//! `GET /api/v2/tasks` and `GET /api/v2/tasks/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;

use super::wire::{FieldsParams, ListBody, ListParams};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// The caller's tasks: to-dos, goal tasks and habits. Habits also have `streak_shown` and `done_today`, by the hero's local day.
#[utoipa::path(
    get, path = "/api/v2/tasks", operation_id = "list_tasks", tag = "entities", security(("bearer" = [])),
    params(
        ListParams,
        ("category" = Option<String>, Query, description = "`todo`, `goal` or `habit`"),
        ("completed" = Option<bool>, Query, description = "Whether it is completed; a habit never is."),
        ("goal_id" = Option<String>, Query, description = "Of this goal; `null`: of none."),
        ("skill_id" = Option<String>, Query, description = "Of this skill; `null`: of none."),
        ("tag" = Option<Vec<String>>, Query, description = "With this tag; given several times, with all of them."),
        ("due_before" = Option<i64>, Query, description = "Due before this moment, Unix ms."),
        ("due_after" = Option<i64>, Query, description = "Due at this moment or after it, Unix ms."),
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
    super::list::list(&app, &request, &caller, Kind::Task).await
}

/// One task of the caller's, also when it is deleted.
#[utoipa::path(
    get, path = "/api/v2/tasks/{id}", operation_id = "get_task", tag = "entities", security(("bearer" = [])),
    params(("id" = String, Path, description = "The task's id."), FieldsParams),
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
    super::one::one(&app, &request, &caller, Kind::Task, &id).await
}
