//! `POST /api/mobile/tasks` and `POST /api/mobile/tasks/{id}/complete`: the same in the envelope of mobile clients.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::complete::complete;
use super::create::created;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::path;

/// Creates a task.
pub async fn mobile_post(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let task = created(&acting, &body).await?;
    Ok(acting.answer(&json!({ "success": true, "data": task })))
}

/// Completes a task, or a habit for today.
pub async fn mobile_complete(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    complete(&acting, path::id(&id)?, |_| true).await?;
    Ok(acting.answer(&json!({ "success": true, "message": "The task is completed." })))
}
