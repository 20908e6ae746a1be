//! `PATCH /api/skills/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;

use super::prerequisites;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::{asked, shown};
use crate::v1::body::OldBody;
use crate::v1::path;
use crate::v1::reading::one;
use crate::v1::shape;
use crate::v1::translate::skill;
use crate::v1::writing::{Wishes, write_if_any};

/// Changes fields of a skill; what it has gathered is nobody's to write.
pub async fn edit(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let (id, OldBody(body)) = (path::id(&id)?, body);
    let asked = asked(&request, &caller, &body)?;
    let prerequisites = prerequisites(&app, &caller, &body).await?;
    let (row, read) = one(&app, &caller, Kind::Skill, id).await?;
    let mut wishes = Wishes::default();
    wishes.edit(Kind::Skill, row.id, skill::changes(&body, prerequisites, &row.entity));
    write_if_any(&app, &caller, &asked, read.base, wishes).await?;
    shown(&app, &request, &caller, (Kind::Skill, id), shape::skill).await
}
