//! `PATCH /api/user-stats`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;

use super::hero;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::asked;
use crate::v1::body::OldBody;
use crate::v1::shape::{self, Viewer};
use crate::v1::translate::stats;
use crate::v1::writing::{Wishes, write_if_any};

/// Changes how energy is counted. Levels, experience and the energy itself are nobody's to write.
pub async fn edit(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let OldBody(body) = body;
    let asked = asked(&request, &caller, &body)?;
    let (row, read) = hero(&app, &caller).await?;
    let mut wishes = Wishes::default();
    wishes.edit(Kind::Hero, row.id, stats::changes(&body, &row.entity));
    write_if_any(&app, &caller, &asked, read.base, wishes).await?;
    let (row, read) = hero(&app, &caller).await?;
    Ok(reply(&request, StatusCode::OK, &shape::stats(&row, &Viewer::of(&app, &read))))
}
