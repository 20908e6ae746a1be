//! `DELETE /api/tasks/{id}`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::{Value, json};

use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::idempotency::Asked;
use crate::v1::writing::{Wishes, write};
use crate::v1::{path, reading};

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
    let (row, read) = reading::one(&app, &caller, Kind::Task, id).await?;
    let mut wishes = Wishes::default();
    wishes.act(Kind::Task, row.id, "delete");
    write(&app, &caller, &Asked::of(&request, caller.space, &Value::Null)?, read.base, wishes).await?;
    Ok(reply(&request, StatusCode::OK, &json!({ "message": "The task is deleted." })))
}
