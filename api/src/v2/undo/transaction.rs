//! `GET /api/v2/transactions/{id}`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::feed::Log;
use application::past::{Past, PastReceipt};
use domain::id::TransactionId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::wire::SpanBody;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Content, Problem};
use crate::state::App;
use crate::v2::feed::rows;

/// Which of its changes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TransactionQuery {
    /// Changes after this position; absent: from the first.
    after: Option<i64>,
    /// Changes at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// A transaction as it was decided.
#[derive(Serialize, ToSchema)]
pub struct TransactionBody {
    /// Its id.
    transaction_id: Uuid,
    /// `committed` or `rejected`.
    status: &'static str,
    /// From which device.
    device_id: Uuid,
    /// What the person calls that device; null: it is no longer there.
    #[schema(required)]
    device_name: Option<String>,
    /// When it was decided, Unix ms.
    decided_at: i64,
    /// Its events; null when nothing was written.
    #[schema(required)]
    positions: Option<SpanBody>,
    /// The answer that it got; null when that has expired.
    #[schema(required, value_type = Option<Object>)]
    receipt: Option<Value>,
    /// What it changed, as the feed told it.
    #[schema(value_type = Vec<Object>)]
    changes: Vec<Value>,
    /// The `after` of the next changes; null after the last.
    #[schema(required)]
    next: Option<i64>,
}

/// One transaction of the caller's space: its answer, what it changed, and who sent it when. Answers expire, events do not.
#[utoipa::path(get, path = "/api/v2/transactions/{id}", tag = "history", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The transaction."), TransactionQuery), responses(
    (status = 200, description = "It.", body = TransactionBody),
    (status = 400, description = "`path_invalid`, `query_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
))]
pub async fn transaction(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<Uuid>,
    query: web::Query<TransactionQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = rows(query.limit)? as i64;
    let _turn = app.read_turns.take().await?;
    let found = app.past.receipts(caller.space, &[TransactionId(*id)]).await?.pop();
    let receipt = found.ok_or_else(|| Problem::new(Code::NotFound).detail("You sent no transaction with this id."))?;
    let (mut changes, mut next) = (Vec::new(), None);
    if let Some(span) = receipt.positions {
        let after = query.after.unwrap_or_default().clamp(span.first - 1, span.last);
        let slice = app.readers.log().after(caller.space, after, limit.min(span.last - after)).await?;
        next = slice.changes.last().map(|last| last.position).filter(|last| *last < span.last);
        changes.extend(slice.changes.iter().filter_map(|change| serde_json::to_value(&**change).ok()));
    }
    let names = app.past.device_names(caller.account, &[receipt.device]).await?;
    let device_name = names.get(&receipt.device).cloned();
    Ok(reply(&request, StatusCode::OK, &body(receipt, device_name, changes, next)))
}

fn body(receipt: PastReceipt, device_name: Option<String>, changes: Vec<Value>, next: Option<i64>) -> TransactionBody {
    TransactionBody {
        transaction_id: receipt.transaction.0,
        status: if receipt.committed { "committed" } else { "rejected" },
        device_id: receipt.device.0,
        device_name,
        decided_at: receipt.decided_at,
        positions: receipt.positions.map(SpanBody::from),
        receipt: receipt.body,
        changes,
        next,
    }
}
