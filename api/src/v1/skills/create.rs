//! `POST /api/skills`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use domain::id::EntityId;

use super::prerequisites;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::{asked, created};
use crate::v1::body::OldBody;
use crate::v1::shape;
use crate::v1::translate::skill;
use crate::v1::writing::{Wishes, write};

/// A new skill, at its first level.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let OldBody(body) = body;
    let asked = asked(&request, &caller, &body)?;
    let prerequisites = prerequisites(&app, &caller, &body).await?;
    let id = EntityId(asked.new_id(0));
    let mut wishes = Wishes::default();
    wishes.create(Kind::Skill, id, skill::creation(&body, prerequisites)?);
    write(&app, &caller, &asked, None, wishes).await?;
    created(&app, &request, &caller, (Kind::Skill, id), shape::skill).await
}
