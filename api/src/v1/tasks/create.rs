//! `POST /api/tasks`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use domain::id::EntityId;
use serde_json::{Map, Value};

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::clamp::flag;
use crate::v1::shape;
use crate::v1::translate::task;
use crate::v1::writing::Wishes;

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
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    Ok(acting.answer(&created(&acting, &body).await?))
}

/// The new task in its shape.
pub(super) async fn created(acting: &Acting<'_>, body: &Map<String, Value>) -> Result<Value, Problem> {
    let targets = acting.app.legacy.targets(acting.caller.space, task::names(body)).await?;
    let is_done = body.get("completed").and_then(flag) == Some(true);
    written(acting, task::data(body, targets)?, is_done).await
}

/// Writes a new task with these fields of v2, and reads it in its shape.
pub(super) async fn written(acting: &Acting<'_>, data: Map<String, Value>, is_done: bool) -> Result<Value, Problem> {
    let id = EntityId(acting.asked.new_id(0));
    let mut wishes = Wishes::default();
    wishes.create(Kind::Task, id, data);
    if is_done {
        wishes.act(Kind::Task, id, "complete");
    }
    acting.write(None, wishes).await?;
    acting.entity((Kind::Task, id), shape::task).await
}
