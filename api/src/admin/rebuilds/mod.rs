//! `POST` and `GET /api/v2/admin/rebuilds`, and one of them: projections folded from the logs again. Any serving node runs
//! what is begun here.

pub mod orders;
pub mod wire;

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, web};
use application::rebuild::{PROJECTIONS, Projections};
use domain::id::SpaceId;
use infrastructure::postgres::rebuild::{Cause, RebuildError, Scope, WORKERS_MAX, begin, get, kept, recent};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use self::wire::{NewRebuildBody, RebuildBody, RebuildFileBody, RebuildsBody};
use crate::body::{Body, reply};
use crate::caller::role::Admin;
use crate::problem::{Code, Content, FieldProblem, Problem};
use crate::state::App;

/// Rebuilds of one page.
const PAGE_ROWS: i64 = 50;
/// Differences that are shown of one; more are counted.
const DIFFERENCES_SHOWN: i64 = 1_000;

/// The rebuild in the path; what is no id is of none.
type RebuildPath = Result<Path<Uuid>, actix_web::Error>;

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Those before this one.
    before: Option<Uuid>,
}

/// Begins a rebuild. A serving node takes it up at once; ask for its progress.
#[utoipa::path(post, path = "/api/v2/admin/rebuilds", operation_id = "begin_rebuild", tag = "admin",
request_body = NewRebuildBody, security(("bearer" = [])), responses(
    (status = 202, description = "It has begun.", body = RebuildBody),
    (status = 400, description = "`json_malformed`", body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: there is no such space.", body = Content,
     content_type = "application/problem+json"),
    (status = 409, description = "`rebuild_unfinished`: another has not ended; `rebuild_id` says which.", body = Content,
     content_type = "application/problem+json"),
    (status = 422, description = "`fields_invalid`, `body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn start(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    body: Result<Body<NewRebuildBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    let scope = scope(&app, &body?.0)?;
    let id = begin(&app.pool, &scope, Cause::Asked(by.actor)).await?;
    app.rebuilds.ring();
    let begun = get(&app.pool, id).await?.ok_or_else(missing)?;
    Ok(reply(&request, StatusCode::ACCEPTED, &RebuildBody::from(begun)))
}

/// The rebuilds, the newest first.
#[utoipa::path(get, path = "/api/v2/admin/rebuilds", operation_id = "list_rebuilds", tag = "admin", params(PageQuery),
security(("bearer" = [])), responses(
    (status = 200, description = "At most 50.", body = RebuildsBody),
    (status = 400, description = "`query_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json")
))]
pub async fn list(
    app: web::Data<App>,
    request: HttpRequest,
    _: Admin,
    query: Result<Query<PageQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let asked = query.map_err(|error| Problem::new(Code::QueryInvalid).detail(error.to_string()))?;
    let items = recent(&app.pool, asked.before, PAGE_ROWS).await?;
    let items = items.into_iter().map(RebuildBody::from).collect();
    Ok(reply(&request, StatusCode::OK, &RebuildsBody { items }))
}

/// A rebuild with its progress, and what differed.
#[utoipa::path(get, path = "/api/v2/admin/rebuilds/{id}", operation_id = "show_rebuild", tag = "admin",
params(("id" = Uuid, Path)), security(("bearer" = [])), responses(
    (status = 200, description = "As it stands.", body = RebuildFileBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
))]
pub async fn one(
    app: web::Data<App>,
    request: HttpRequest,
    _: Admin,
    path: RebuildPath,
) -> Result<HttpResponse, Problem> {
    let id = id(path)?;
    let rebuild = get(&app.pool, id).await?.ok_or_else(missing)?;
    let found = kept(&app.pool, id, DIFFERENCES_SHOWN).await?;
    let found = found.into_iter().map(Into::into).collect();
    Ok(reply(&request, StatusCode::OK, &RebuildFileBody { rebuild: rebuild.into(), found }))
}

fn scope(app: &App, body: &NewRebuildBody) -> Result<Scope, Problem> {
    let mut problems = Vec::new();
    let names = body.projections.as_deref().unwrap_or_default();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| !PROJECTIONS.iter().any(|one| one.name == **name)) {
        let known: Vec<&str> = PROJECTIONS.iter().map(|one| one.name).collect();
        let message = format!("There is no projection {name}. There are {}.", known.join(", "));
        problems.push(FieldProblem::new(format!("/projections/{at}"), "projection_unknown", message));
    }
    let workers = body.workers.unwrap_or(app.serving.rebuilding.rebuild_workers);
    if !(1..=WORKERS_MAX).contains(&workers) {
        let message = format!("From 1 to {WORKERS_MAX} spaces are worked at side by side.");
        problems.push(FieldProblem::new("/workers", "out_of_range", message).limit("max", WORKERS_MAX));
    }
    if !problems.is_empty() {
        return Err(problems.into_iter().fold(Problem::new(Code::FieldsInvalid), Problem::field));
    }
    let projections = Projections::named(names.iter().map(String::as_str)).unwrap_or_default();
    Ok(Scope { space: body.space_id.map(SpaceId), projections, check: body.check.unwrap_or_default(), workers })
}

fn id(path: RebuildPath) -> Result<Uuid, Problem> {
    path.map(Path::into_inner).map_err(|_| missing())
}

fn missing() -> Problem {
    Problem::new(Code::NotFound).detail("There is no such rebuild.")
}

impl From<RebuildError> for Problem {
    fn from(error: RebuildError) -> Self {
        match error {
            RebuildError::Running { id, .. } | RebuildError::Unfinished { id } => Self::new(Code::RebuildUnfinished)
                .detail("One rebuild at a time. Wait until it has ended, or cancel it.")
                .with("rebuild_id", id.to_string()),
            RebuildError::NoSpace(_) => Self::new(Code::NotFound).detail("There is no such space."),
            RebuildError::Gone(_) => missing(),
            RebuildError::Paused { fault, .. } | RebuildError::Broken { fault, .. } | RebuildError::Fault(fault) => {
                fault.into()
            }
            RebuildError::Newer(_) => Self::internal(error),
        }
    }
}
