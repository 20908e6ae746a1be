//! `POST /api/v2/restore-points/{id}/restore`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::undo::{Asked, Point, Restored, found_point, make_point, restore as bring_back};
use infrastructure::clock;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::actor;
use super::wire::SpanBody;
use crate::body::{RawBody, decode, reply};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// Transactions that one request sends; the rest waits for the next.
const TRANSACTIONS_MAX: usize = 40;

/// How a space is to be brought back; the body may be absent.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreBody {
    /// The restore's own id. Asked for again under it, a restore goes on, and does nothing once it is complete. Absent: a
    /// new one, which does whatever is still to be done.
    restore_id: Option<Uuid>,
}

/// How far a restore is.
#[derive(Serialize, ToSchema)]
pub struct RestoredBody {
    /// The restore's id.
    restore_id: Uuid,
    /// Whether the space is as it was; otherwise ask again with this `restore_id`.
    complete: bool,
    /// Transactions that were committed for it.
    transactions: usize,
    /// Where their events are; null: nothing was to be done.
    #[schema(required)]
    positions: Option<SpanBody>,
    /// The restore point that was made before: where the space was.
    before: Uuid,
    /// For `X-Wait-For`: a node that has come this far shows what was written.
    #[schema(required)]
    written: Option<String>,
}

/// Brings the space back to a restore point, by transactions like any other: what was deleted since is back, what was created
/// since is deleted, fields and amounts are as they were, whoever changed them. A restore point is made before. A large
/// restore comes in parts, one a request.
#[utoipa::path(post, path = "/api/v2/restore-points/{id}/restore", operation_id = "restore", tag = "history",
    security(("bearer" = [])), params(("id" = Uuid, Path, description = "The restore point.")), request_body = RestoreBody,
    responses(
    (status = 200, description = "Done, or part of it: see `complete`.", body = RestoredBody),
    (status = 400, description = "`path_invalid`, `json_malformed`", body = Content, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`restore_point_gone`, `too_many_restore_points`; `undo_refused`: `problem` says why; what was done stays, and asking again goes on",
     body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`position_ahead`, `body_invalid`, `field_unknown`", body = Content, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, `unavailable`: ask again under the same id", body = Content, content_type = "application/problem+json")
))]
pub async fn restore(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<Uuid>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let asked: RestoreBody =
        if body.bytes.is_empty() { RestoreBody::default() } else { decode(body.format, &body.bytes)? };
    let actor = actor(&app, &caller)?;
    let _turn = app.snapshot_turns.take().await?;
    let point = found_point(&app.past, &app.past, caller.space, *id).await?;
    let (space, now) = (caller.space, clock::now_ms());
    let id = asked.restore_id.unwrap_or_else(clock::uuid_v7);
    let before = make_point(&app.past, &app.past, space, None, before(id, &point, &caller, now)).await?;
    let asked = Asked { actor, space, id, position: point.position, now, transactions_max: TRANSACTIONS_MAX };
    let restored = bring_back(&app.past, &app.writer, &asked).await?;
    Ok(reply(&request, StatusCode::OK, &said(id, before.id, restored)))
}

/// The restore point that is made before; a restore that goes on finds the one that it began with.
fn before(restore: Uuid, point: &Point, caller: &Caller, now: i64) -> Point {
    let name = format!("Before the restore to {}", point.name);
    let id = Uuid::new_v5(&caller.space.0, format!("restore/{restore}/before").as_bytes());
    Point { id, name, created_at: now, created_by: caller.device, automatic: true, ..point.clone() }
}

fn said(restore_id: Uuid, before: Uuid, restored: Restored) -> RestoredBody {
    RestoredBody {
        restore_id,
        complete: restored.complete,
        transactions: restored.transactions,
        positions: restored.positions.map(SpanBody::from),
        before,
        written: restored.written.map(|written| written.token()),
    }
}
