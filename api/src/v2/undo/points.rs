//! `GET` and `POST /api/v2/restore-points`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::undo::{Point, Points, make_point};
use domain::chain::GENESIS;
use infrastructure::clock;
use serde::Serialize;
use utoipa::ToSchema;

use super::actor;
use super::wire::{NewPointBody, PointBody};
use crate::body::{Body, reply};
use crate::caller::Caller;
use crate::problem::{Code, Content, FieldProblem, Problem};
use crate::state::App;

/// Characters of a restore point's name.
const NAME_CHARS_MAX: usize = 200;

/// The restore points of a space.
#[derive(Serialize, ToSchema)]
pub struct PointsBody {
    /// The latest position first.
    items: Vec<PointBody>,
}

/// The caller's restore points, those of the server's making too.
#[utoipa::path(get, path = "/api/v2/restore-points", operation_id = "list_restore_points", tag = "history",
    security(("bearer" = [])), responses((status = 200, description = "All of them.", body = PointsBody)))]
pub async fn list(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let points = app.past.list(caller.space).await?;
    Ok(reply(&request, StatusCode::OK, &PointsBody { items: points.into_iter().map(PointBody::from).collect() }))
}

/// Makes a restore point, here and now or at an earlier position. There may be 50; beyond, the oldest that the server made
/// leaves.
#[utoipa::path(post, path = "/api/v2/restore-points", operation_id = "make_restore_point", tag = "history",
    security(("bearer" = [])), request_body = NewPointBody, responses(
    (status = 200, description = "It was there already.", body = PointBody),
    (status = 201, description = "It is new.", body = PointBody),
    (status = 400, description = "`json_malformed`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`too_many_restore_points`", body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`fields_invalid`, `body_invalid`, `field_unknown`, `position_ahead`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn make(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: Body<NewPointBody>,
) -> Result<HttpResponse, Problem> {
    let NewPointBody { id, name, position } = body.0;
    check(&name, position)?;
    let point = Point {
        id: id.unwrap_or_else(clock::uuid_v7),
        name,
        position: 0,
        hash: GENESIS,
        recorded_at: 0,
        created_at: clock::now_ms(),
        created_by: actor(&app, &caller)?.device,
        automatic: false,
    };
    let created_at = point.created_at;
    let made = make_point(&app.past, &app.past, caller.space, position, point).await?;
    let status = if made.created_at == created_at { StatusCode::CREATED } else { StatusCode::OK };
    Ok(reply(&request, status, &PointBody::from(made)))
}

fn check(name: &str, position: Option<i64>) -> Result<(), Problem> {
    let wrong = |pointer: &str, code: &'static str, message: &str| {
        Problem::new(Code::FieldsInvalid).field(FieldProblem::new(pointer, code, message))
    };
    if name.trim().is_empty() || name.contains('\0') {
        return Err(wrong("/name", "blank", "A name has words in it, and no NUL."));
    }
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(wrong("/name", "too_long", "A name has 200 characters at most."));
    }
    if position.is_some_and(|position| position < 0) {
        return Err(wrong("/position", "out_of_range", "A position is 0 or more."));
    }
    Ok(())
}
