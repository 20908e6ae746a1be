//! `GET /api/tasks`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::Value;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::{reading, shape};

/// The caller's tasks, the newest first.
pub async fn list(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    reading::list(&app, &request, &caller, Kind::Task, shape::task, Value::from).await
}
