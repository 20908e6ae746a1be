//! `GET`, `POST` and `DELETE /api/v2/admin/verify`

pub mod wire;

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use application::fault::Fault;
use application::identity::{Act, Actor, Entry, Place, SecurityLog};
use domain::id::{AccountId, SpaceId};
use infrastructure::clock::now_ms;
use infrastructure::postgres::verify::{BegunBy, RunError};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use self::wire::{RunBody, VerifyQuery, VerifyStateBody};
use crate::body::{Body, reply};
use crate::caller::role::Admin;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// What to verify.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyBody {
    /// One space, by the id of its account; all when absent.
    space: Option<Uuid>,
}

/// The verify over all spaces that is under way, or else the one that began last; how much is known to be wrong; and a page
/// of it. Nothing in here was written by a person.
#[utoipa::path(get, path = "/api/v2/admin/verify", operation_id = "verify_state", tag = "admin", params(VerifyQuery),
security(("bearer" = [])), responses(
    (status = 200, description = "What is known.", body = VerifyStateBody),
    (status = 400, description = "`query_invalid`, `page_invalid`", body = Content,
     content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json")
))]
pub async fn state(
    app: web::Data<App>,
    request: HttpRequest,
    _by: Admin,
    query: Result<Query<VerifyQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let asked = query.map_err(|error| Problem::new(Code::QueryInvalid).detail(error.to_string()))?;
    let wanted = asked.wanted()?;
    let known = app.verifier.known(&wanted).await?;
    Ok(reply(&request, StatusCode::OK, &VerifyStateBody::of(known, wanted.limit, now_ms())))
}

/// Begins a verify. Every serving process works at it, not faster than its setting says.
#[utoipa::path(post, path = "/api/v2/admin/verify", operation_id = "verify_begin", tag = "admin",
request_body = VerifyBody, security(("bearer" = [])), responses(
    (status = 202, description = "It has begun.", body = RunBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`space_unknown`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`verify_under_way`: `run_id` says which. `space_erasing`: the space goes with its account.",
     body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn begin(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    body: Result<Body<VerifyBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    let space = body?.0.space.map(SpaceId);
    let run = app.verifier.begin(space, BegunBy::Admin).await?;
    app.directory.record(entry(by.actor, Act::VerifyBegun, space, json!({ "run_id": run.id }))).await?;
    Ok(reply(&request, StatusCode::ACCEPTED, &RunBody::of(run, now_ms())))
}

/// Ends the verify over all spaces that is under way. What it has found stays.
#[utoipa::path(delete, path = "/api/v2/admin/verify", operation_id = "verify_stop", tag = "admin",
security(("bearer" = [])), responses(
    (status = 204, description = "None is under way, any more or at all."),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json")
))]
pub async fn stop(app: web::Data<App>, by: Admin) -> Result<HttpResponse, Problem> {
    if let Some(run) = app.verifier.under_way(None).await?
        && app.verifier.stop(run).await?
    {
        app.directory.record(entry(by.actor, Act::VerifyStopped, None, json!({ "run_id": run }))).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// What the log says of an act on one space, or on all.
pub(super) fn entry(actor: Actor, act: Act, space: Option<SpaceId>, about: Value) -> Entry {
    let account = space.map(|space| AccountId(space.0));
    Entry { account, at: now_ms(), act, actor, session: None, device: None, place: Place::default(), about }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::UnderWay(run) => Self::new(Code::VerifyUnderWay).with("run_id", run.to_string()),
            RunError::NoSpace(_) => Self::new(Code::SpaceUnknown),
            RunError::Erased(_) => Self::new(Code::SpaceErasing),
            RunError::Newer(_) => Fault::Rebuilding.into(),
            RunError::Fault(fault) => fault.into(),
        }
    }
}
