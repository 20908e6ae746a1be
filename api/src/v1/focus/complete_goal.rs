//! `POST /api/goals/{id}/pomodoro-complete`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::json;

use super::complete::record;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::path;

/// A session on a goal is over: one cycle of the usual length, unless the body says more.
pub async fn complete_goal(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let goal = acting.subject([Kind::Goal], path::id(&id)?).await?;
    let done = record(&acting, goal, &body).await?;
    let message = format!("The session counts: {} XP.", done.xp);
    Ok(acting.answer(&json!({ "expGained": done.xp, "message": message })))
}
