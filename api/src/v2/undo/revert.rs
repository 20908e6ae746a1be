//! `POST /api/v2/transactions/{id}/revert`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::undo::{Wish, revert as take_back};
use domain::id::TransactionId;
use domain::transaction::Receipt;
use domain::undo::Kept;
use infrastructure::clock;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::actor;
use crate::body::{RawBody, decode, reply};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// How a transaction is to be reverted; the body may be absent.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevertBody {
    /// The id of the transaction that reverts it. Absent: one that follows from it, so that asking again reverts nothing a
    /// second time; needed to revert it again after that was itself reverted.
    transaction_id: Option<Uuid>,
}

/// What became of a revert.
#[derive(Serialize, ToSchema)]
pub struct RevertedBody {
    /// The receipt of the transaction that reverts; `transaction_id` in it can be reverted in turn, which is redo.
    #[schema(value_type = Object)]
    receipt: Receipt,
    /// What is left as it is: `{entity, id, field, day?, member?, reason, now, by?}`. Reasons: `changed_since`, `deleted`,
    /// `category_changed`, `day_over`, `unknown`.
    #[schema(value_type = Vec<Object>)]
    kept: Vec<Kept>,
    /// For `X-Wait-For`: a node that has come this far shows what was written.
    #[schema(required)]
    written: Option<String>,
}

/// Takes back what a transaction did, by another transaction: field by field, as far as nobody has changed it since; the
/// rest is listed. All or nothing, and exactly once.
#[utoipa::path(post, path = "/api/v2/transactions/{id}/revert", tag = "history", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The transaction.")), request_body = RevertBody, responses(
    (status = 200, description = "Taken back.", body = RevertedBody),
    (status = 400, description = "`path_invalid`, `json_malformed`", body = Content, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`transaction_rejected`, `nothing_to_revert`, `not_revertible`; `undo_refused`: `problem` says why",
     body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`, `field_unknown`", body = Content, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, `unavailable`", body = Content, content_type = "application/problem+json")
))]
pub async fn revert(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<Uuid>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let asked: RevertBody =
        if body.bytes.is_empty() { RevertBody::default() } else { decode(body.format, &body.bytes)? };
    let wish = Wish {
        actor: actor(&app, &caller)?,
        space: caller.space,
        transaction: TransactionId(*id),
        under: asked.transaction_id.map(TransactionId),
        now: clock::now_ms(),
    };
    let reverted = take_back(&app.past, &app.writer, &wish).await?;
    let written = reverted.answered.written.map(|written| written.token());
    let body = RevertedBody { receipt: reverted.answered.receipt, kept: reverted.kept, written };
    Ok(reply(&request, StatusCode::OK, &body))
}
