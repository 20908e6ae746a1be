//! `GET /api/v2/activity`: what a log page shows.

pub mod wire;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::activity::{Wanted, page};
use domain::activity::Action;
use domain::entity::Kind;
use domain::id::EntityId;
use serde::Deserialize;
use utoipa::IntoParams;

use self::wire::{ActivityBody, ItemBody};
use super::feed::rows;
use super::parameters::{before, days, id, invalid};
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// Which part of the activity.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ActivityQuery {
    /// The first local day, such as `2026-10-24`; goes with `to`.
    from: Option<String>,
    /// The last local day; at most 366 days from the first.
    to: Option<String>,
    /// A kind of entity, such as `task`.
    entity: Option<String>,
    /// One entity of that kind; goes with `entity`.
    id: Option<String>,
    /// Actions, separated by commas, such as `completed,focused`.
    action: Option<String>,
    /// The `next` of the page before.
    page: Option<String>,
    /// Rows at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// What was done in the caller's space and what came of it, the newest first: tasks and habits completed, goals and milestones
/// reached, time in focus, levels, energy, and whatever of that was taken back, whose amounts are less than zero. What a
/// transaction did is here as soon as its receipt is. A page may hold less than it could, also nothing, and have a `next`.
#[utoipa::path(get, path = "/api/v2/activity", tag = "history", security(("bearer" = [])), params(ActivityQuery),
responses(
    (status = 200, description = "A page.", body = ActivityBody),
    (status = 400, description = "`query_invalid` with the `parameter`, `page_invalid`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn activity(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<ActivityQuery>,
) -> Result<HttpResponse, Problem> {
    let wanted = wanted(&query)?;
    let _turn = app.read_turns.take().await?;
    let page = page(&app.activity, caller.space, &wanted).await?;
    let items = page.rows.into_iter().map(ItemBody::from).collect();
    let next = page.next.map(|next| next.to_string());
    Ok(reply(&request, StatusCode::OK, &ActivityBody { items, next }))
}

fn wanted(query: &ActivityQuery) -> Result<Wanted, Problem> {
    let days = match (query.from.as_deref(), query.to.as_deref()) {
        (None, None) => None,
        (Some(from), Some(to)) => Some(days(from, to)?),
        (Some(_), None) => return Err(invalid("to", "`from` and `to` go together.")),
        (None, Some(_)) => return Err(invalid("from", "`from` and `to` go together.")),
    };
    let kind = query.entity.as_deref().map(kind).transpose()?;
    if query.id.is_some() && kind.is_none() {
        return Err(invalid("entity", "`id` goes with `entity`."));
    }
    Ok(Wanted {
        kind,
        id: query.id.as_deref().map(|text| id("id", text)).transpose()?.map(EntityId),
        actions: query.action.iter().flat_map(|named| named.split(',')).map(action).collect::<Result<_, _>>()?,
        days,
        before: before(query.page.as_deref())?,
        rows: rows(query.limit)?,
    })
}

fn kind(name: &str) -> Result<Kind, Problem> {
    Kind::from_name(name).ok_or_else(|| {
        let all: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        invalid("entity", format!("`entity` can be {}.", all.join(", ")))
    })
}

fn action(name: &str) -> Result<Action, Problem> {
    Action::from_name(name).ok_or_else(|| {
        let all: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
        invalid("action", format!("`action` names some of {}.", all.join(", ")))
    })
}
