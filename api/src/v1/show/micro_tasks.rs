//! `GET /api/tasks/{id}/micro-tasks`

use actix_web::{HttpResponse, web};
use domain::entity::Kind;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::{path, reading};

/// The small steps of a task of the caller's: there are none, and old clients look for them.
pub async fn micro_tasks(
    app: web::Data<App>,
    caller: Caller,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    reading::one(&app, &caller, Kind::Task, path::id(&path)?).await?;
    Ok(HttpResponse::Ok().json([(); 0]))
}
