//! `PATCH /api/goals/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;

use super::targets;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::{asked, shown};
use crate::v1::body::OldBody;
use crate::v1::path;
use crate::v1::reading::one;
use crate::v1::shape;
use crate::v1::translate::goal;
use crate::v1::writing::{Wishes, write_if_any};

/// Changes fields of a goal, reaches it or opens it again, all or nothing.
pub async fn edit(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let (id, OldBody(body)) = (path::id(&id)?, body);
    let asked = asked(&request, &caller, &body)?;
    let targets = targets(&app, &caller, &body).await?;
    let (row, read) = one(&app, &caller, Kind::Goal, id).await?;
    let changes = goal::changes(&body, targets, &row.entity);
    let mut wishes = Wishes::default();
    wishes.edit(Kind::Goal, row.id, changes.set);
    if let Some(reached) = changes.reached {
        wishes.act(Kind::Goal, row.id, if reached { "complete" } else { "reopen" });
    }
    write_if_any(&app, &caller, &asked, read.base, wishes).await?;
    shown(&app, &request, &caller, (Kind::Goal, id), shape::goal).await
}
