//! `GET /api/v2/rejections`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::id::TransactionId;
use infrastructure::postgres::rejections::{Behind, DeadLetter};
use infrastructure::postgres::rows::id;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Content, Problem};
use crate::state::App;
use crate::v2::feed::rows;

/// Which of them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RejectionsQuery {
    /// The `next` of the page before.
    page: Option<String>,
    /// Transactions at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// A page of refused transactions.
#[derive(Serialize, ToSchema)]
pub struct RejectionsBody {
    /// The newest first.
    items: Vec<RejectionBody>,
    /// The token of the next page, to be sent as `page`; null after the last.
    #[schema(required)]
    next: Option<String>,
}

/// A transaction that was refused and that nobody has acknowledged.
#[derive(Serialize, ToSchema)]
pub struct RejectionBody {
    /// Which.
    transaction_id: Uuid,
    /// The device that sent it.
    device_id: Uuid,
    /// When it was refused, Unix ms.
    at: i64,
    /// Why, as its receipt said.
    #[schema(value_type = Object)]
    problem: Value,
    /// Its commands as they were sent, to be shown, edited and sent again under a new id; the transaction's text when it could not
    /// be read.
    #[schema(value_type = Vec<Object>)]
    commands: Value,
}

/// Refused transactions of the caller's space, of every device, until one of the account's devices acknowledges them. A page ends
/// at a mebibyte of what was sent: with fewer than were asked for it goes on while `next` is there.
#[utoipa::path(
    get, path = "/api/v2/rejections", operation_id = "list_rejections", tag = "sync", security(("bearer" = [])),
    params(RejectionsQuery),
    responses(
        (status = 200, description = "A page.", body = RejectionsBody),
        (status = 400, description = "`query_invalid`, `page_invalid`", body = Content,
         content_type = "application/problem+json")
    )
)]
pub async fn list(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<RejectionsQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = rows(query.limit)?;
    let behind = query.page.as_deref().map(|page| behind(page).ok_or_else(page_invalid)).transpose()?;
    let _turn = app.read_turns.take().await?;
    let (letters, more) = app.rejections.list(caller.space, behind, limit).await?;
    let next = letters.last().filter(|_| more).map(|last| format!("{}.{}", last.at, last.transaction.0));
    let items = letters.into_iter().map(RejectionBody::from).collect();
    Ok(reply(&request, StatusCode::OK, &RejectionsBody { items, next }))
}

fn behind(page: &str) -> Option<Behind> {
    let (at, transaction) = page.split_once('.')?;
    Some(Behind { at: at.parse().ok()?, transaction: TransactionId(id(transaction)?) })
}

fn page_invalid() -> Problem {
    Problem::new(Code::PageInvalid).detail("Start again without `page`.").with("parameter", "page")
}

impl From<DeadLetter> for RejectionBody {
    fn from(letter: DeadLetter) -> Self {
        Self {
            transaction_id: letter.transaction.0,
            device_id: letter.device.0,
            at: letter.at,
            problem: letter.problem,
            commands: letter.commands,
        }
    }
}
