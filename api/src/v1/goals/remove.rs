//! `DELETE /api/goals/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::Map;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::path;
use crate::v1::writing::Wishes;

/// Deletes a goal and its milestones; its tasks stay.
pub async fn remove(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &Map::new()).await?;
    let goal = acting.subject([Kind::Goal], path::id(&id)?).await?;
    let mut wishes = Wishes::default();
    wishes.act(Kind::Goal, goal.row.id, "delete");
    acting.write(goal.read.base, wishes).await?;
    Ok(acting.said("The goal is deleted."))
}
