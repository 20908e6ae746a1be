//! `POST /api/goals/intelligent-create`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use domain::id::EntityId;

use super::create::wishes;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::shape;
use crate::v1::translate::{Described, described};

/// A goal out of a description, with three steps to it.
pub async fn intelligent_create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let OldBody(body) = body;
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let Described { goal: fields, steps } = described(&body)?;
    let goal = EntityId(acting.asked.new_id(0));
    acting.write(None, wishes(&acting.asked, goal, fields, steps)).await?;
    Ok(acting.answer(&acting.entity((Kind::Goal, goal), shape::goal).await?))
}
