//! `DELETE /api/tasks/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::Map;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::path;
use crate::v1::writing::Wishes;

/// Deletes a task. Its history stays.
pub async fn remove(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    delete(app, request, caller, path::id(&id)?).await
}

/// The same of an id that was read.
pub async fn delete(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: i64,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &Map::new()).await?;
    let task = acting.subject([Kind::Task], id).await?;
    let mut wishes = Wishes::default();
    wishes.act(Kind::Task, task.row.id, "delete");
    acting.write(task.read.base, wishes).await?;
    Ok(acting.said("The task is deleted."))
}
