//! `PATCH /api/tasks/{id}`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::{Map, Value};

use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;
use crate::v1::clamp::flag;
use crate::v1::idempotency::Asked;
use crate::v1::shape::{self, Viewer};
use crate::v1::translate::task;
use crate::v1::writing::{Wishes, write_if_any};
use crate::v1::{order, path, reading};

/// Changes a task: at most one edit, and the completion that the body asks for, in one transaction. What is so already is not
/// written again.
pub async fn patch(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    change(app, request, caller, path::id(&id)?, body).await
}

/// The same of a body that was read.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: i64,
    body: Map<String, Value>,
) -> Result<HttpResponse, Problem> {
    let targets = app.legacy.targets(caller.space, task::names(&body)).await?;
    let (row, read) = reading::one(&app, &caller, Kind::Task, id).await?;
    let was = shape::task(&row, &Viewer::of(&app, &read));
    let mut set = task::fields(&body, targets);
    set.retain(|field, value| !is_so(field, row.entity.get(field), value));
    // A habit and another task have completions of their own: what was shown is not what is asked about then.
    let shown = was["completed"].as_bool().filter(|_| !set.contains_key("category"));
    let mut wishes = Wishes::default();
    wishes.edit(Kind::Task, row.id, set);
    if let Some(done) = body.get("completed").and_then(flag).filter(|done| shown != Some(*done)) {
        wishes.act(Kind::Task, row.id, if done { "complete" } else { "uncomplete" });
    }
    write_if_any(&app, &caller, &Asked::of(&request, caller.space, &body.into())?, read.base, wishes).await?;
    let (row, read) = reading::one(&app, &caller, Kind::Task, id).await?;
    Ok(reply(&request, StatusCode::OK, &shape::task(&row, &Viewer::of(&app, &read))))
}

/// Whether a field shows this value already. Ranks that other clients wrote are all shown as one order.
fn is_so(field: &str, now: Option<&Value>, wanted: &Value) -> bool {
    let shown = |rank: &Value| rank.as_str().map(order::order);
    now == Some(wanted) || (field == "rank" && now.and_then(shown) == shown(wanted))
}
