//! `POST /api/skills`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use domain::id::EntityId;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::{asked, created};
use crate::v1::body::OldBody;
use crate::v1::linking::all_linked;
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
    let prerequisites = all_linked(&app, &caller, Kind::Skill, (&body, "prerequisites")).await?;
    let mut wishes = Wishes::default();
    wishes.create(Kind::Skill, EntityId(asked.new_id(0)), skill::creation(&body, prerequisites)?);
    let receipt = write(&app, &caller, &asked, None, wishes).await?;
    created(&app, &request, &caller, (Kind::Skill, &receipt), shape::skill).await
}
