//! `POST /api/mobile/tasks` and `POST /api/mobile/tasks/{id}/complete`: the same in the envelope of mobile clients.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::complete::complete;
use super::create::created;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;
use crate::v1::path;

/// Creates a task.
pub async fn mobile_post(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let task = created(&app, &request, &caller, body).await?;
    Ok(reply(&request, StatusCode::OK, &json!({ "success": true, "data": task })))
}

/// Completes a task, or a habit for today.
pub async fn mobile_complete(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    complete(&app, &request, &caller, path::id(&id)?, body, |_| true).await?;
    Ok(reply(&request, StatusCode::OK, &json!({ "success": true, "message": "The task is completed." })))
}
