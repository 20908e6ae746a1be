//! `POST /api/profile`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::{Map, Value};

use super::hero;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::asked;
use crate::v1::body::OldBody;
use crate::v1::shape::{self, Viewer};
use crate::v1::translate::profile;
use crate::v1::writing::{Wishes, write_if_any};

/// Makes the profile, or changes it.
pub async fn save(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    write(&app, &request, &caller, &body.0).await?;
    let (row, read) = hero(&app, &caller).await?;
    Ok(reply(&request, StatusCode::OK, &shape::profile(&row, &Viewer::of(&app, &read))))
}

/// Writes what the body says of the hero.
pub(super) async fn write(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    body: &Map<String, Value>,
) -> Result<(), Problem> {
    let asked = asked(request, caller, body)?;
    let (row, read) = hero(app, caller).await?;
    let mut wishes = Wishes::default();
    wishes.edit(Kind::Hero, row.id, profile::changes(body, &row.entity)?);
    write_if_any(app, caller, &asked, read.base, wishes).await?;
    Ok(())
}
