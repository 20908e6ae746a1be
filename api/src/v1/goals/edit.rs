//! `PATCH /api/goals/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;

use super::targets;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::path;
use crate::v1::shape;
use crate::v1::translate::goal;
use crate::v1::writing::Wishes;

/// Changes fields of a goal, reaches it or opens it again, all or nothing.
pub async fn edit(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let (id, OldBody(body)) = (path::id(&id)?, body);
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let targets = targets(&app, &caller, &body).await?;
    let goal = acting.subject([Kind::Goal], id).await?;
    let mut wishes = Wishes::default();
    wishes.change(Kind::Goal, goal.row.id, goal::changes(&body, targets, &goal.row.entity));
    Ok(acting.answer(&acting.changed(goal, wishes, shape::goal).await?))
}
