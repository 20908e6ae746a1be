//! `GET /api/tasks/{id}/micro-tasks`

use actix_web::{HttpResponse, web};

use crate::caller::Caller;
use crate::problem::Problem;

/// The small steps of a task: there are none, and old clients look for them.
pub async fn micro_tasks(_caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    crate::v1::path::id(&path)?;
    Ok(HttpResponse::Ok().json([(); 0]))
}
