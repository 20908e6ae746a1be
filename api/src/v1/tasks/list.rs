//! `GET /api/tasks`

use actix_web::{HttpRequest, HttpResponse, web};

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::show;

/// The caller's tasks, the newest first.
pub async fn list(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    show::answer(&app, &request, &caller, [show::TASKS]).await
}
