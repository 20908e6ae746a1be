//! `GET /api/v2/admin/spaces/{space}/replay`

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, web};
use application::replay::{Part, steps as read};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use uuid::Uuid;

use super::look::look;
use super::moment::{entity, find, invalid, named, rows};
use super::wire::{ReplayBody, StepBody, devices};
use crate::body::reply;
use crate::caller::role::Support;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Which steps.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReplayQuery {
    /// Begin with the step at this position; the beginning when absent.
    position: Option<i64>,
    /// Begin with the last step at or before this instant (RFC 3339, or Unix ms).
    at: Option<String>,
    /// The steps of this entity alone: its kind and id, such as `task/0190…`. Then the first is its last at or before the
    /// moment.
    entity: Option<String>,
    /// Steps at most, 1 to 200; 20 when absent.
    limit: Option<usize>,
}

/// What happened in a space or to one of its entities, step by step: the state before, the event, the state after, the fields
/// that differ, who did it and from what it followed. The look is logged, and the account can read who looked.
#[utoipa::path(get, path = "/api/v2/admin/spaces/{space}/replay", tag = "admin", security(("bearer" = [])),
    params(("space" = Uuid, Path), ReplayQuery), responses(
    (status = 200, description = "A page.", body = ReplayBody),
    (status = 400, description = "`query_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: support or admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`position_ahead`", body = Content, content_type = "application/problem+json"),
    (status = 500, description = "`log_damaged`, with its `position`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn steps(
    app: web::Data<App>,
    request: HttpRequest,
    by: Support,
    path: Result<Path<Uuid>, actix_web::Error>,
    query: Result<Query<ReplayQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let query = query.map_err(|error| invalid("query", &error.to_string()))?;
    let moment = named(query.position, query.at.as_deref())?;
    let (entity, rows) = (entity("entity", query.entity.as_deref())?, rows(query.limit)? as i64);
    let _turn = app.read_turns.take().await?;
    let about = json!({ "what": "replay", "entity": query.entity, "position": query.position, "at": query.at });
    let seen = look(&app, &by, &path, |id| id, about).await?;
    let then = find(&app, seen.space, moment).await?;
    let part = Part { entity, position: then.position, rows };
    let missing = || Problem::new(Code::NotFound).detail("The space has no such entity.");
    let page = read(&app.past, seen.space, part).await?.ok_or_else(missing)?;
    let names = app.past.device_names(seen.account, &devices(&page)).await?;
    let items = page.steps.into_iter().map(|step| StepBody::of(step, &names)).collect();
    let (head, next, previous) = (page.head, page.next, page.previous);
    let body = ReplayBody { position: then.position, recorded_at: then.recorded_at, head, items, next, previous };
    Ok(reply(&request, StatusCode::OK, &body))
}
