//! `POST /api/goals/{id}/pomodoro-complete`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::json;

use super::complete::record;
use super::target::of_kind;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;
use crate::v1::{path, reading};

/// A session on a goal is over: one cycle of the usual length, unless the body says more.
pub async fn complete_goal(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let goal = of_kind(&app, &caller, Kind::Goal, path::id(&id)?).await?;
    let goal = goal.ok_or_else(|| reading::missing(Kind::Goal))?;
    let done = record(&app, &request, &caller, goal, body).await?;
    let message = format!("The session counts: {} XP.", done.xp);
    Ok(reply(&request, StatusCode::OK, &json!({ "expGained": done.xp, "message": message })))
}
