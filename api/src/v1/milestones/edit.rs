//! `PATCH /api/goals/{goal}/milestones/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::Value;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::{asked, shown};
use crate::v1::body::OldBody;
use crate::v1::path;
use crate::v1::reading::{missing, one};
use crate::v1::shape;
use crate::v1::translate::milestone;
use crate::v1::writing::{Wishes, write_if_any};

/// Changes fields of a milestone of this goal, reaches it or opens it again, all or nothing.
pub async fn edit(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    ids: web::Path<(String, String)>,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let (goal, id, OldBody(body)) = (path::id(&ids.0)?, path::id(&ids.1)?, body);
    let asked = asked(&request, &caller, &body)?;
    let (row, read) = one(&app, &caller, Kind::Milestone, id).await?;
    let number = |name: &str| row.linked.get(name).and_then(Value::as_i64);
    if number("goal") != Some(goal) {
        return Err(missing(Kind::Milestone));
    }
    let changes = milestone::changes(&body, (&row.entity, number("order").unwrap_or_default()));
    let mut wishes = Wishes::default();
    wishes.edit(Kind::Milestone, row.id, changes.set);
    if let Some(reached) = changes.reached {
        wishes.act(Kind::Milestone, row.id, if reached { "complete" } else { "reopen" });
    }
    write_if_any(&app, &caller, &asked, read.base, wishes).await?;
    shown(&app, &request, &caller, (Kind::Milestone, id), shape::milestone).await
}
