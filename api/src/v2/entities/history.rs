//! `GET /api/v2/{entity}/{id}/history`

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::past::HistoryQuery;
use application::past::history::{Entry, Line, history as look};
use domain::entity::{EntityRef, Kind};
use domain::id::{DeviceId, EntityId};
use infrastructure::postgres::rows::id as read_id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::as_of::position;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Content, Problem};
use crate::state::App;
use crate::v2::feed::rows;

/// Which part of the history.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PartOfHistory {
    /// Only what wrote this field.
    field: Option<String>,
    /// The history up to a position or an instant (RFC 3339, or Unix ms).
    as_of: Option<String>,
    /// The `next` of the page before.
    page: Option<String>,
    /// Events at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// A page of the history of an entity.
#[derive(Serialize, ToSchema)]
pub struct HistoryBody {
    /// The newest first.
    items: Vec<EntryBody>,
    /// The token of the next page, to be sent as `page`; null after the last.
    #[schema(required)]
    next: Option<String>,
}

/// Something that happened to an entity.
#[derive(Serialize, ToSchema)]
pub struct EntryBody {
    /// Position in the space's log.
    position: i64,
    /// The entity's version after it.
    version: i64,
    /// Such as `task.edited`.
    event: String,
    /// The transaction.
    transaction_id: Uuid,
    /// From which device.
    device_id: Uuid,
    /// What the person calls that device; null: it is no longer there, or the server itself.
    #[schema(required)]
    device_name: Option<String>,
    /// When the user acted, by the device's clock as far as that was believed, Unix ms.
    at: i64,
    /// When the server recorded it, Unix ms.
    recorded_at: i64,
    /// The position of the event that it followed from; null: somebody asked for it.
    #[schema(required)]
    cause: Option<i64>,
    /// What it wrote, by field.
    changes: Vec<LineBody>,
}

/// What an event wrote of one field.
#[derive(Serialize, ToSchema)]
pub struct LineBody {
    /// Which.
    field: String,
    /// The value that it replaced.
    #[schema(value_type = Object)]
    before: Value,
    /// The value that it left.
    #[schema(value_type = Object)]
    after: Value,
    /// Whether the value that stands is from here.
    current: bool,
    /// Of sets `added` and `removed`; `written`: what was sent and did not come to stand; `candidates`: what competes.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    more: Map<String, Value>,
}

/// Who wrote each field of one of the caller's entities when, from which device, and what it replaced; also of a deleted one.
#[utoipa::path(get, path = "/api/v2/{entity}/{id}/history", tag = "history", security(("bearer" = [])),
    params(("entity" = String, Path, description = "`tasks`, `goals`, `milestones`, `skills` or `heroes`"),
        ("id" = String, Path, description = "The entity."), PartOfHistory),
    responses(
    (status = 200, description = "A page, the newest first.", body = HistoryBody),
    (status = 400, description = "`query_invalid`, `page_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`position_ahead`", body = Content, content_type = "application/problem+json")
))]
pub async fn history(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    named: web::Path<(String, String)>,
    query: web::Query<PartOfHistory>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(Code::NotFound).detail("You have no such entity.");
    let (limit, before) = (rows(query.limit)? as i64, before(query.page.as_deref())?);
    let kind = Kind::ALL.iter().copied().find(|kind| kind.table() == named.0).ok_or_else(missing)?;
    let entity = EntityRef::new(kind, EntityId(read_id(&named.1).ok_or_else(missing)?));
    let _turn = app.read_turns.take().await?;
    let upto = match &query.as_of {
        Some(as_of) => position(&app, &caller, as_of).await?.0,
        None => i64::MAX,
    };
    let field = query.field.clone().filter(|field| !field.contains('\0'));
    let part = HistoryQuery { entity, field, upto, before, rows: limit };
    let page = look(&app.past, caller.space, part).await?.ok_or_else(missing)?;
    let devices: Vec<DeviceId> = page.entries.iter().map(|entry| entry.device).collect();
    let names = app.past.device_names(caller.account, &devices).await?;
    let items = page.entries.into_iter().map(|entry| EntryBody::of(entry, &names)).collect();
    Ok(reply(&request, StatusCode::OK, &HistoryBody { items, next: page.next.map(|next| next.to_string()) }))
}

fn before(page: Option<&str>) -> Result<i64, Problem> {
    let read = |token: &str| token.parse().ok().filter(|version: &i64| *version > 0);
    let invalid = || Problem::new(Code::PageInvalid).with("parameter", "page");
    page.map_or(Ok(i64::MAX), |token| read(token).ok_or_else(invalid))
}

impl EntryBody {
    fn of(entry: Entry, names: &HashMap<DeviceId, String>) -> Self {
        Self {
            position: entry.position,
            version: entry.version,
            event: entry.event,
            transaction_id: entry.transaction.0,
            device_id: entry.device.0,
            device_name: names.get(&entry.device).cloned(),
            at: entry.at,
            recorded_at: entry.recorded_at,
            cause: entry.cause,
            changes: entry.changes.into_iter().map(LineBody::from).collect(),
        }
    }
}

impl From<Line> for LineBody {
    fn from(line: Line) -> Self {
        let Line { field, before, after, current, more } = line;
        Self { field, before, after, current, more }
    }
}
