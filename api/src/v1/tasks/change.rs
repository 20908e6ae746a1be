//! `PATCH /api/tasks/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
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
use crate::v1::{order, path};

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
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let targets = app.legacy.targets(caller.space, task::names(&body)).await?;
    let task = acting.subject([Kind::Task], id).await?;
    let was = task.shown(&app, shape::task);
    let mut set = task::fields(&body, targets);
    set.retain(|field, value| !is_so(field, task.row.entity.get(field), value));
    // A habit and another task have completions of their own: what was shown is not what is asked about then.
    let shown = was["completed"].as_bool().filter(|_| !set.contains_key("category"));
    let mut wishes = Wishes::default();
    wishes.edit(Kind::Task, task.row.id, set);
    if let Some(done) = body.get("completed").and_then(flag).filter(|done| shown != Some(*done)) {
        wishes.act(Kind::Task, task.row.id, if done { "complete" } else { "uncomplete" });
    }
    Ok(acting.answer(&acting.changed(task, wishes, shape::task).await?))
}

/// Whether a field shows this value already. Ranks that other clients wrote are all shown as one order.
fn is_so(field: &str, now: Option<&Value>, wanted: &Value) -> bool {
    let shown = |rank: &Value| rank.as_str().map(order::order);
    now == Some(wanted) || (field == "rank" && now.and_then(shown) == shown(wanted))
}
