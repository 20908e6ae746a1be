//! `PATCH /api/goals/{goal}/milestones/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::Value;

use super::room::rank_at;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::path;
use crate::v1::reading::missing;
use crate::v1::shape;
use crate::v1::translate::milestone;
use crate::v1::writing::Wishes;

/// Changes fields of a milestone of this goal, moves it, reaches it or opens it again, all or nothing.
pub async fn edit(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    ids: web::Path<(String, String)>,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let (goal, id, OldBody(body)) = (path::id(&ids.0)?, path::id(&ids.1)?, body);
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let step = acting.subject([Kind::Milestone], id).await?;
    let number = |name: &str| step.row.linked.get(name).and_then(Value::as_i64);
    if number("goal") != Some(goal) {
        return Err(missing(Kind::Milestone));
    }
    let mut wishes = Wishes::default();
    let mut changes = milestone::changes(&body, &step.row.entity);
    // Whoever sends back the place that it was shown at does not move it.
    if let Some(place) = milestone::place(&body).filter(|place| Some(*place) != number("order")) {
        let goal = step.row.entity.get("goal_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let rank = rank_at(&acting, (goal.unwrap_or_default(), step.row.id), place, &mut wishes).await?;
        changes.set.extend(rank);
    }
    wishes.change(Kind::Milestone, step.row.id, changes);
    Ok(acting.answer(&acting.changed(step, wishes, shape::milestone).await?))
}
