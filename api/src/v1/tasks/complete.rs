//! `POST /api/tasks/{id}/simple-complete` and `/smart-complete`: what old clients fall back to when a PATCH failed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Map, Value, json};

use super::raw::raw;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;
use crate::v1::idempotency::Asked;
use crate::v1::shape::{self, Viewer};
use crate::v1::writing::{Wishes, write_if_any};
use crate::v1::{path, reading};

/// Completes a habit for today. What is no habit is not found.
pub async fn complete_simply(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let task = complete(&app, &request, &caller, path::id(&id)?, body, is_habit).await?;
    Ok(reply(&request, StatusCode::OK, &json!({ "success": true, "task": raw(&task) })))
}

/// Completes a task, or a habit for today.
pub async fn complete_smartly(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let task = complete(&app, &request, &caller, path::id(&id)?, body, |_| true).await?;
    // Old clients print it; there is nothing to find out about columns here.
    Ok(reply(&request, StatusCode::OK, &json!({ "success": true, "task": task, "debug": {} })))
}

fn is_habit(row: &LegacyRow) -> bool {
    row.entity.get("category").is_some_and(|category| category == "habit")
}

/// Completes the task with this id, if it is one that is meant; the task in its shape.
pub(super) async fn complete(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    id: i64,
    body: Map<String, Value>,
    is_meant: fn(&LegacyRow) -> bool,
) -> Result<Value, Problem> {
    let (row, read) = reading::one(app, caller, Kind::Task, id).await?;
    if !is_meant(&row) {
        return Err(reading::missing(Kind::Task));
    }
    let mut wishes = Wishes::default();
    if shape::task(&row, &Viewer::of(app, &read))["completed"] != true {
        wishes.act(Kind::Task, row.id, "complete");
    }
    write_if_any(app, caller, &Asked::of(request, caller.space, &body.into())?, read.base, wishes).await?;
    let (row, read) = reading::one(app, caller, Kind::Task, id).await?;
    Ok(shape::task(&row, &Viewer::of(app, &read)))
}
