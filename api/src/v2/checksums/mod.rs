//! `POST /api/v2/checksums`

mod wire;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::compare::{Compared, NoComparison, Reader, compare};
use application::identity::Occasion;
use infrastructure::clock;
use infrastructure::metric_names::REPAIRS_TOTAL;
use metrics::counter;
use serde_json::json;

pub use wire::{ChecksumsBody, ComparedBody, DifferentBody, GoneBody, HeldBody, SumBody};

use super::feed::cursor;
use crate::body::{Body, reply};
use crate::caller::Caller;
use crate::place::place;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Compares what the caller has at its cursor with the rows. With `sums` it is told which buckets differ, with `held` which
/// entities of these buckets do, and gets them whole. Nothing is compared unless the cursor is the head: `status` is then
/// `behind`, and the caller reads on first. A cursor that cannot belong to this log is answered `{reset: true, reason}`; `GET /changes` with
/// that cursor says how to go on.
#[utoipa::path(post, path = "/api/v2/checksums", tag = "sync", request_body = ChecksumsBody, security(("bearer" = [])),
    responses(
    (status = 200, description = "What differs, or a reset.", body = ComparedBody),
    (status = 400, description = "`cursor_invalid`, `cursor_foreign`, `json_malformed`, `cbor_malformed`", body = Content,
     content_type = "application/problem+json"),
    (status = 413, description = "`body_too_large`", body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`fields_invalid`, `body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json"),
    (status = 429, description = "`repairs_exhausted`: this device was handed rows six times within an hour; `rate_limited`",
     body = Content, content_type = "application/problem+json"),
    (status = 503, description = "`busy`: too many read whole spaces now; `unavailable`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn checksums(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: Body<ChecksumsBody>,
) -> Result<HttpResponse, Problem> {
    let (token, ask) = body.0.read()?;
    let stands = cursor(&caller, Some(&token))?.ok_or_else(|| Problem::new(Code::CursorInvalid))?;
    let _turn = app.snapshot_turns.take().await?;
    let reader = Reader { device: caller.device, occasion: occasion(&request, &caller) };
    let compared = compare((&app.checksums, &app.directory), &reader, &stands, &ask).await;
    match compared.map_err(|none| refused(none, &caller))? {
        Compared::Reset(reason) => {
            Ok(reply(&request, StatusCode::OK, &json!({ "reset": true, "reason": reason.name() })))
        }
        compared => {
            let body = ComparedBody::from(compared);
            if body.is_repair() {
                counter!(REPAIRS_TOTAL, "outcome" => "done").increment(1);
                tracing::info!(device.id = %caller.device, rows = body.entities(), "a device repaired its replica");
            }
            Ok(reply(&request, StatusCode::OK, &body))
        }
    }
}

fn occasion(request: &HttpRequest, caller: &Caller) -> Occasion {
    Occasion { account: caller.account, session: caller.session, place: place(request), at: clock::now_ms() }
}

fn refused(none: NoComparison, caller: &Caller) -> Problem {
    match none {
        NoComparison::Exhausted { retry_after_ms } => {
            counter!(REPAIRS_TOTAL, "outcome" => "exhausted").increment(1);
            tracing::warn!(device.id = %caller.device, "a device repairs its replica over and over; it was told to stop");
            Problem::new(Code::RepairsExhausted)
                .detail(
                    "What this device keeps does not stay as it is told. Start again from a snapshot, and report it.",
                )
                .retry_after_ms(u64::try_from(retry_after_ms).unwrap_or_default())
        }
        NoComparison::Fault(fault) => fault.into(),
    }
}
