//! `POST /api/tasks`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use domain::id::EntityId;
use serde_json::{Map, Value};

use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, FieldProblem, Problem};
use crate::state::App;
use crate::v1::body::OldBody;
use crate::v1::clamp::flag;
use crate::v1::idempotency::Asked;
use crate::v1::reading;
use crate::v1::shape::{self, Viewer};
use crate::v1::translate::task;
use crate::v1::writing::{Wishes, write_if_any};

/// Creates a task, completed if the body says so.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    create(app, request, caller, body).await
}

/// The same of a body that was read.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: Map<String, Value>,
) -> Result<HttpResponse, Problem> {
    Ok(reply(&request, StatusCode::OK, &created(&app, &request, &caller, body).await?))
}

/// The new task in its shape.
pub(super) async fn created(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    body: Map<String, Value>,
) -> Result<Value, Problem> {
    let targets = app.legacy.targets(caller.space, task::names(&body)).await?;
    let is_done = body.get("completed").and_then(flag) == Some(true);
    let data = task::data(&body, targets).ok_or_else(untitled)?;
    written(app, caller, &Asked::of(request, caller.space, &body.into())?, data, is_done).await
}

/// Writes a new task with these fields of v2, and reads it in its shape.
pub(super) async fn written(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    data: Map<String, Value>,
    is_done: bool,
) -> Result<Value, Problem> {
    let id = EntityId(asked.new_id(0));
    let mut wishes = Wishes::default();
    wishes.create(Kind::Task, id, data);
    if is_done {
        wishes.act(Kind::Task, id, "complete");
    }
    write_if_any(app, caller, asked, None, wishes).await?;
    let (row, read) = reading::by_id(app, caller, Kind::Task, id).await?;
    Ok(shape::task(&row, &Viewer::of(app, &read)))
}

fn untitled() -> Problem {
    let field = FieldProblem::new("/title", "required", "A task has a title.");
    Problem::new(Code::FieldsInvalid).detail("The task has no title.").field(field)
}
