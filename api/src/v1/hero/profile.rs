//! `POST /api/profile`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use serde_json::{Map, Value};

use super::hero;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::shape;
use crate::v1::translate::profile;
use crate::v1::writing::Wishes;

/// Makes the profile, or changes it.
pub async fn save(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    Ok(acting.answer(&saved(&acting, &body).await?))
}

/// Writes what the body says of the hero; the profile as it is then.
pub(super) async fn saved(acting: &Acting<'_>, body: &Map<String, Value>) -> Result<Value, Problem> {
    let hero = hero(acting.app, acting.caller).await?;
    let mut wishes = Wishes::default();
    wishes.edit(Kind::Hero, hero.row.id, profile::changes(body, &hero.row.entity)?);
    acting.changed(hero, wishes, shape::profile).await
}
