//! `PATCH /api/skills/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;

use super::prerequisites;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::path;
use crate::v1::shape;
use crate::v1::translate::skill;
use crate::v1::writing::Wishes;

/// Changes fields of a skill; what it has gathered is nobody's to write.
pub async fn edit(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let (id, OldBody(body)) = (path::id(&id)?, body);
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let prerequisites = prerequisites(&app, &caller, &body).await?;
    let skill = acting.subject([Kind::Skill], id).await?;
    let mut wishes = Wishes::default();
    wishes.edit(Kind::Skill, skill.row.id, skill::changes(&body, prerequisites, &skill.row.entity));
    Ok(acting.answer(&acting.changed(skill, wishes, shape::skill).await?))
}
