//! `GET /api/v2/snapshot`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::snapshot::{Item, JsonFields, NoPage, Page, Rest, page};
use application::sync_history::{Channel, Tally};
use domain::checksum::hex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::etag::{Basis, is_asked, tag, tagged, unchanged};
use super::feed::rows;
use super::noting::Noting;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Which page, and how much of it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SnapshotQuery {
    /// The `next` of the page before; absent: the first.
    page: Option<String>,
    /// Rows at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// A page of a snapshot. `cursor`, `checksum` and `counts` stand on the last page only.
#[derive(Serialize, ToSchema)]
pub struct SnapshotBody {
    /// Whole rows. One may come again on a later page, which then replaces it; one with `deleted_at` is a tombstone.
    items: Vec<ItemBody>,
    /// The token of the next page; null after the last.
    #[schema(required)]
    next: Option<String>,
    /// Where the feed goes on.
    #[schema(required)]
    cursor: Option<String>,
    /// The last position of the log; on the last page, that of the cursor.
    head: i64,
    /// The checksum of the space at the cursor, sixteen hexadecimal digits.
    #[schema(required)]
    checksum: Option<String>,
    /// Live entities of each kind at the cursor.
    #[schema(required, value_type = Option<Object>)]
    counts: Option<Map<String, Value>>,
}

/// One entity as it is now.
#[derive(Serialize, ToSchema)]
pub struct ItemBody {
    /// `task`, `goal`, `milestone`, `skill` or `hero`.
    entity: &'static str,
    /// Which.
    id: Uuid,
    /// Its version.
    version: i64,
    /// Every field that is shown.
    #[schema(value_type = Object)]
    fields: JsonFields,
}

/// Reads the caller's whole space, page by page, open work first; others may write meanwhile. A page may be asked for
/// again after any cut.
#[utoipa::path(get, path = "/api/v2/snapshot", tag = "sync", security(("bearer" = [])), params(SnapshotQuery), responses(
    (status = 200, description = "A page, with an ETag.", body = SnapshotBody),
    (status = 304, description = "What the caller holds is still right."),
    (status = 400, description = "`page_invalid`, `query_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 429, description = "`rate_limited`", body = Content, content_type = "application/problem+json"),
    (status = 503, description = "`busy`: too many read snapshots now; `unavailable`", body = Content, content_type = "application/problem+json")
))]
pub async fn snapshot(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<SnapshotQuery>,
) -> Result<HttpResponse, Problem> {
    let rows = rows(query.limit)?;
    let noting = Noting::begin(&app, &caller, Channel::Http);
    let _turn = app.snapshot_turns.take().await?;
    if is_asked(&request) {
        let now = app.rows.standing(caller.space).await?;
        let basis = Basis { epoch: now.epoch, position: now.position, repairs: now.repairs, more: "" };
        if let Some(unchanged) = unchanged(&request, &tag(&request, &caller, &basis)) {
            return Ok(unchanged);
        }
    }
    let page = page(&app.snapshot, caller.space, query.page.as_deref(), rows).await.map_err(Problem::from);
    let page = noting.unless_refused(page)?;
    noting.done(Tally::copied(page.items.len()));
    // Where the space stood when the page was begun: if it moved meanwhile, the tag is never right again.
    let begun = page.standing;
    let basis = Basis { epoch: begun.epoch, position: begun.position, repairs: begun.repairs, more: "" };
    let response = reply(&request, StatusCode::OK, &SnapshotBody::from(page));
    Ok(tagged(response, &tag(&request, &caller, &basis)))
}

impl From<Page> for SnapshotBody {
    fn from(page: Page) -> Self {
        let (next, complete) = match page.rest {
            Rest::Next(next) => (Some(next), None),
            Rest::Complete(complete) => (None, Some(complete)),
        };
        Self {
            items: page.items.into_iter().map(ItemBody::from).collect(),
            next,
            head: page.head,
            cursor: complete.as_ref().map(|complete| complete.cursor.token()),
            checksum: complete.as_ref().map(|complete| hex(complete.checksum)),
            counts: complete.map(|complete| {
                complete.counts.into_iter().map(|(kind, count)| (kind.name().to_owned(), count.into())).collect()
            }),
        }
    }
}

impl From<Item> for ItemBody {
    fn from(item: Item) -> Self {
        Self { entity: item.entity.name(), id: item.id.0, version: item.version, fields: item.fields }
    }
}

impl From<NoPage> for Problem {
    fn from(none: NoPage) -> Self {
        match none {
            NoPage::TokenInvalid => Self::new(Code::PageInvalid)
                .detail("This is no page of a snapshot of your space as it is now. Start again without `page`.")
                .with("parameter", "page"),
            NoPage::Fault(fault) => fault.into(),
        }
    }
}
