//! `POST /api/v2/restore-points/{id}/preview`

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::undo::{Difference, Preview, Step, found_point, preview as look};
use domain::entity::{EntityRef, Kind};
use domain::id::EntityId;
use infrastructure::postgres::rows::id as read_id;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Content, Problem};
use crate::state::App;
use crate::v2::feed::rows;

/// Which part of the preview.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PreviewQuery {
    /// The `next` of the page before.
    page: Option<String>,
    /// Entities at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// A page of what a restore would change. A page may be shorter than asked for; `next` says whether there is more.
#[derive(Serialize, ToSchema)]
pub struct PreviewBody {
    /// By kind and id.
    items: Vec<DifferenceBody>,
    /// Entities that have changed since; those that are as they were again are not listed.
    changed: usize,
    /// The position of the log that is compared with.
    head: i64,
    /// The token of the next page; null after the last.
    #[schema(required)]
    next: Option<String>,
}

/// What a restore would change of one entity.
#[derive(Serialize, ToSchema)]
pub struct DifferenceBody {
    /// `task`, `goal`, `milestone`, `skill` or `hero`.
    entity: &'static str,
    /// Which.
    id: Uuid,
    /// `restore`: it was deleted since. `delete`: it was created since. `change`: fields change.
    step: &'static str,
    /// The fields that change.
    fields: BTreeMap<String, FromTo>,
}

/// A field's value now and after a restore.
#[derive(Serialize, ToSchema)]
pub struct FromTo {
    /// Now.
    #[schema(value_type = Object)]
    from: Value,
    /// Afterwards.
    #[schema(value_type = Object)]
    to: Value,
}

/// Shows what a restore to this point would change; nothing is written.
#[utoipa::path(post, path = "/api/v2/restore-points/{id}/preview", operation_id = "preview_restore", tag = "history",
    security(("bearer" = [])), params(("id" = Uuid, Path, description = "The restore point."), PreviewQuery), responses(
    (status = 200, description = "A page of differences.", body = PreviewBody),
    (status = 400, description = "`path_invalid`, `query_invalid`, `page_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`restore_point_gone`", body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`position_ahead`", body = Content, content_type = "application/problem+json")
))]
pub async fn preview(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<Uuid>,
    query: web::Query<PreviewQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = rows(query.limit)?;
    let after = query.page.as_deref().map(read_page).transpose()?;
    let _turn = app.snapshot_turns.take().await?;
    let point = found_point(&app.past, &app.past, caller.space, *id).await?;
    let page = look(&app.past, caller.space, point.position, after, limit).await?;
    Ok(reply(&request, StatusCode::OK, &PreviewBody::from(page)))
}

fn read_page(token: &str) -> Result<EntityRef, Problem> {
    let entity = token
        .split_once('.')
        .and_then(|(kind, id)| Some(EntityRef::new(Kind::from_name(kind)?, EntityId(read_id(id)?))));
    entity.ok_or_else(|| Problem::new(Code::PageInvalid).with("parameter", "page"))
}

impl From<Preview> for PreviewBody {
    fn from(page: Preview) -> Self {
        Self {
            items: page.differences.into_iter().map(DifferenceBody::from).collect(),
            changed: page.changed,
            head: page.head,
            next: page.next.map(|entity| format!("{}.{}", entity.kind.name(), entity.id)),
        }
    }
}

impl From<Difference> for DifferenceBody {
    fn from(one: Difference) -> Self {
        let step = match one.step {
            Step::Restore => "restore",
            Step::Delete => "delete",
            Step::Change => "change",
        };
        let fields = one.fields.into_iter().map(|(field, (from, to))| (field, FromTo { from, to })).collect();
        Self { entity: one.entity.kind.name(), id: one.entity.id.0, step, fields }
    }
}
