//! `POST /api/skills`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use domain::id::EntityId;

use super::prerequisites;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::shape;
use crate::v1::translate::skill;
use crate::v1::writing::Wishes;

/// A new skill, at its first level.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let OldBody(body) = body;
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let prerequisites = prerequisites(&app, &caller, &body).await?;
    let id = EntityId(acting.asked.new_id(0));
    let mut wishes = Wishes::default();
    wishes.create(Kind::Skill, id, skill::creation(&body, prerequisites)?);
    acting.write(None, wishes).await?;
    Ok(acting.answer(&acting.entity((Kind::Skill, id), shape::skill).await?))
}
