//! `POST /api/tasks/{id}/simple-complete` and `/smart-complete`: what old clients fall back to when a PATCH failed.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Value, json};

use super::raw::raw;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::writing::Wishes;
use crate::v1::{path, reading, shape};

/// Completes a habit for today. What is no habit is not found.
pub async fn complete_simply(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let task = complete(&acting, path::id(&id)?, is_habit).await?;
    Ok(acting.answer(&json!({ "success": true, "task": raw(&task) })))
}

/// Completes a task, or a habit for today.
pub async fn complete_smartly(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let task = complete(&acting, path::id(&id)?, |_| true).await?;
    // Old clients print it; there is nothing to find out about columns here.
    Ok(acting.answer(&json!({ "success": true, "task": task, "debug": {} })))
}

fn is_habit(row: &LegacyRow) -> bool {
    row.entity.get("category").is_some_and(|category| category == "habit")
}

/// Completes the task with this id, if it is one that is meant; the task in its shape.
pub(super) async fn complete(acting: &Acting<'_>, id: i64, is_meant: fn(&LegacyRow) -> bool) -> Result<Value, Problem> {
    let task = acting.subject([Kind::Task], id).await?;
    // What was a habit when it was completed may be none by now.
    if !acting.is_repeat && !is_meant(&task.row) {
        return Err(reading::missing(Kind::Task));
    }
    let mut wishes = Wishes::default();
    if task.shown(acting.app, shape::task)["completed"] != true {
        wishes.act(Kind::Task, task.row.id, "complete");
    }
    acting.changed(task, wishes, shape::task).await
}
