//! `DELETE /api/goals/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::Map;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::{asked, said};
use crate::v1::path;
use crate::v1::reading::one;
use crate::v1::writing::{Wishes, write_if_any};

/// Deletes a goal and its milestones; its tasks stay.
pub async fn remove(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let asked = asked(&request, &caller, &Map::new())?;
    let (row, read) = one(&app, &caller, Kind::Goal, path::id(&id)?).await?;
    let mut wishes = Wishes::default();
    wishes.act(Kind::Goal, row.id, "delete");
    write_if_any(&app, &caller, &asked, read.base, wishes).await?;
    Ok(said(&request, "The goal is deleted."))
}
