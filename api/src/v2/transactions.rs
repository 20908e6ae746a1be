//! `POST /api/v2/transactions`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::sync_history::Channel;
use domain::id::SpaceId;
use domain::rejection::Rejection;
use domain::transaction::{Sent, read, read_text};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::noting::Noting;
use super::write::{WrittenBody, submit};
use crate::body::{Format, RawBody, decode, reply};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// The envelope; each transaction is read by itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<T> {
    #[serde(default)]
    sent_at: Option<i64>,
    transactions: Vec<T>,
}

/// Writes transactions. Each is all or nothing, decided in the order sent, and answered by itself; a retry of the same
/// `transaction_id` gets an equal answer.
#[utoipa::path(post, path = "/api/v2/transactions", tag = "sync", security(("bearer" = [])),
    request_body(content = Object, description = "`{sent_at?, transactions: [{transaction_id, base?, device_seq?, commands: [{command_id, type, id, at, data | set, add, remove}]}]}`"),
    responses(
        (status = 200, description = "One receipt for each.", body = WrittenBody),
        (status = 400, description = "`json_malformed`, `cbor_malformed`", body = Content, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = Content, content_type = "application/problem+json"),
        (status = 422, description = "`body_invalid`, `field_unknown`", body = Content, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Content, content_type = "application/problem+json"),
        (status = 503, description = "`busy`, `unavailable`", body = Content, content_type = "application/problem+json")
    ))]
pub async fn transactions(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let noting = Noting::begin(&app, &caller, Channel::Http);
    let (sent_at, transactions) = noting.unless_refused(opened(&body, caller.space))?;
    let written = submit(&app, &caller, noting, sent_at, transactions)?.await?;
    Ok(reply(&request, StatusCode::OK, &written))
}

/// When transactions were sent, and they: each can be read, or is refused by itself.
type Opened = (Option<i64>, Vec<Result<Sent, Rejection>>);

/// The transactions of a body, each read by itself, and when they were sent.
fn opened(body: &RawBody, space: SpaceId) -> Result<Opened, Problem> {
    Ok(match body.format {
        Format::Json => {
            let envelope: Envelope<Box<RawValue>> = decode(body.format, &body.bytes)?;
            (envelope.sent_at, envelope.transactions.iter().map(|raw| read_text(raw.get(), space)).collect())
        }
        Format::Cbor => {
            let envelope: Envelope<Value> = decode(body.format, &body.bytes)?;
            (envelope.sent_at, envelope.transactions.into_iter().map(|value| read(value, space)).collect())
        }
    })
}
