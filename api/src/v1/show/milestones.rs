//! `GET /api/goals/{id}/milestones`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::json;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::reading;
use crate::v1::shape::{self, Viewer};

/// The milestones of a goal of the caller's, in their order.
pub async fn milestones(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = crate::v1::path::id(&path)?;
    let _turn = app.read_turns.take().await?;
    let (goal, read) = reading::one(&app, &caller, Kind::Goal, id).await?;
    let viewer = Viewer::of(&app, &read);
    let answered = || json!({ "milestones": shape::milestones(&goal, &viewer) });
    Ok(reading::answer(&request, &caller, &read, &viewer, answered))
}
