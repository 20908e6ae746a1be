//! `GET /api/v2/admin/spaces/{space}/replay/compare`

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, web};
use application::past::AS_OF_CHANGED_MAX;
use application::replay::{Compared, Pair, compare as read};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::look::look;
use super::moment::{entity, find, invalid, read as moment, rows};
use super::wire::DifferingBody;
use crate::body::reply;
use crate::caller::role::Support;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Which two moments.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CompareQuery {
    /// The earlier: a position or an instant (RFC 3339, or Unix ms).
    from: String,
    /// The later, in the same way.
    to: String,
    /// This entity alone: its kind and id, such as `task/0190…`.
    entity: Option<String>,
    /// The `next` of the page before.
    page: Option<String>,
    /// Entities at most, 1 to 200; 20 when absent.
    limit: Option<usize>,
}

/// Two moments beside each other.
#[derive(Serialize, ToSchema)]
pub struct CompareBody {
    /// The position of the earlier.
    from: i64,
    /// The position of the later.
    to: i64,
    /// The entities that something happened to between them, by kind and id.
    items: Vec<DifferingBody>,
    /// How many these are on all pages.
    changed: usize,
    /// To be sent as `page`; null after the last.
    #[schema(required)]
    next: Option<String>,
}

/// What two moments of a space differ in, by entity and field. The look is logged, and the account can read who looked.
#[utoipa::path(get, path = "/api/v2/admin/spaces/{space}/replay/compare", tag = "admin", security(("bearer" = [])),
    params(("space" = Uuid, Path), CompareQuery), responses(
    (status = 200, description = "A page.", body = CompareBody),
    (status = 400, description = "`query_invalid`, `page_invalid`", body = Content,
     content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: support or admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`position_ahead`; `replay_too_large`: more than 10 000 entities have changed.",
     body = Content, content_type = "application/problem+json"),
    (status = 500, description = "`log_damaged`, with its `position`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn compare(
    app: web::Data<App>,
    request: HttpRequest,
    by: Support,
    path: Result<Path<Uuid>, actix_web::Error>,
    query: Result<Query<CompareQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let query = query.map_err(|error| invalid("query", &error.to_string()))?;
    let (from, to) = (moment("from", &query.from)?, moment("to", &query.to)?);
    let (entity, rows, after) = (entity("entity", query.entity.as_deref())?, rows(query.limit)?, after(&query)?);
    let _turn = app.read_turns.take().await?;
    let about = json!({ "what": "replay", "entity": query.entity, "from": query.from, "to": query.to });
    let seen = look(&app, &by, &path, |id| id, about).await?;
    let (from, to) = (find(&app, seen.space, from).await?.position, find(&app, seen.space, to).await?.position);
    if from > to {
        return Err(invalid("from", "from is the earlier of the two moments."));
    }
    match read(&app.past, seen.space, &Pair { from, to, entity, after, rows }).await? {
        Compared::Page { items, changed, next } => {
            let next = next.map(|entity| format!("{}/{}", entity.kind.name(), entity.id.0));
            let items = items.into_iter().map(DifferingBody::from).collect();
            Ok(reply(&request, StatusCode::OK, &CompareBody { from, to, items, changed, next }))
        }
        Compared::TooMany => Err(Problem::new(Code::ReplayTooLarge)
            .detail("More entities have changed between the two than are compared; take moments closer together.")
            .with("max", AS_OF_CHANGED_MAX)),
    }
}

fn after(query: &CompareQuery) -> Result<Option<domain::entity::EntityRef>, Problem> {
    entity("page", query.page.as_deref()).map_err(|_| Problem::new(Code::PageInvalid).with("parameter", "page"))
}
