//! `GET /api/v2/days`: the calendar of a habit, and the day reports of the hero.

pub mod wire;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::days::calendar;
use domain::id::EntityId;
use infrastructure::postgres::rows::id as read_id;
use serde::Deserialize;
use utoipa::IntoParams;

use self::wire::DaysBody;
use super::parameters::days as read_days;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Which days of what.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DaysQuery {
    /// The first local day, such as `2026-10-24`.
    from: String,
    /// The last local day; at most 366 days from the first.
    to: String,
    /// A habit; absent: the hero.
    entity: Option<String>,
}

/// The local days of the hero or of a habit on which something happened: completions, minutes, energy, XP, the streak up to
/// each, and of the hero what was done. A day that is not in the list had nothing of all that.
#[utoipa::path(get, path = "/api/v2/days", tag = "history", security(("bearer" = [])), params(DaysQuery),
responses(
    (status = 200, description = "The days, earliest first.", body = DaysBody),
    (status = 400, description = "`query_invalid` with the `parameter`", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: the caller has no such hero or task", body = Content,
     content_type = "application/problem+json")
))]
pub async fn days(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<DaysQuery>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(Code::NotFound).detail("You have no such habit.");
    let (from, to) = read_days(&query.from, &query.to)?;
    let entity = match &query.entity {
        Some(text) => EntityId(read_id(text).ok_or_else(missing)?),
        None => caller.space.into(),
    };
    let _turn = app.read_turns.take().await?;
    let found = calendar(&app.activity, caller.space, entity, (from, to)).await?.ok_or_else(missing)?;
    Ok(reply(&request, StatusCode::OK, &DaysBody::of(found, from, to)))
}
