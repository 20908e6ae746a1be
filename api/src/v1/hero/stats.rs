//! `PATCH /api/user-stats`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;

use super::hero;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::shape;
use crate::v1::translate::stats;
use crate::v1::writing::Wishes;

/// Changes how energy is counted. Levels, experience and the energy itself are nobody's to write.
pub async fn edit(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let OldBody(body) = body;
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let hero = hero(&app, &caller).await?;
    let mut wishes = Wishes::default();
    wishes.edit(Kind::Hero, hero.row.id, stats::changes(&body, &hero.row.entity));
    Ok(acting.answer(&acting.changed(hero, wishes, shape::stats).await?))
}
