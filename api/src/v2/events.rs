//! `GET /api/v2/events`: the feed as Server-Sent Events.

use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use application::feed::Read;
use async_stream::stream;
use bytes::Bytes;
use domain::limits::PAGE_ROWS_DEFAULT;
use infrastructure::clock::now_ms;
use serde::Deserialize;
use tokio::time::timeout;
use utoipa::IntoParams;

use super::feed::{cursor, encoded, reset};
use crate::body::Format;
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// A comment is sent when nothing else was for so long, so that proxies keep the connection and both sides notice its end.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// Where to read from.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// Where the reader stands; the header `Last-Event-ID` wins over it.
    cursor: Option<String>,
}

/// Reads the feed live: events `changes` (their id is the cursor) and `reset`. It ends with the access token.
#[utoipa::path(get, path = "/api/v2/events", tag = "sync", security(("bearer" = [])), params(EventsQuery), responses(
    (status = 200, description = "A stream of events.", content_type = "text/event-stream", body = String),
    (status = 400, description = "`cursor_invalid`, `cursor_foreign`", body = Content, content_type = "application/problem+json"),
    (status = 401, description = "`token_missing`, `token_invalid`, `token_expired`", body = Content, content_type = "application/problem+json"),
    (status = 429, description = "`feeds_too_many`", body = Content, content_type = "application/problem+json")
))]
pub async fn events(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<EventsQuery>,
) -> Result<HttpResponse, Problem> {
    let resumed = request.headers().get("last-event-id").and_then(|id| id.to_str().ok());
    let from = cursor(&caller, resumed.or(query.cursor.as_deref()))?;
    let open = app.feeds.open(caller.account, caller.device, "events")?;
    let mut reader = app.readers.open(caller.space, from);
    let shutdown = app.shutdown.clone();
    let feed = stream! {
        let _open = open;
        while now_ms() < caller.expires_at && !shutdown.is_cancelled() {
            let (text, live) = match reader.next(PAGE_ROWS_DEFAULT).await {
                Ok(Read::Page(page)) if page.changes.is_empty() => (None, true),
                Ok(Read::Page(page)) => (Some(event("changes", Some(&page.cursor.token()), &encoded(&page, Format::Json, None))), true),
                Ok(Read::Reset(reason)) => (Some(event("reset", None, &Ok(reset(reason, None).to_string().into_bytes()))), false),
                // The client comes back with its last id.
                Err(fault) => { tracing::warn!(fault = %fault, "an event stream ended"); (None, false) }
            };
            let idle = text.is_none();
            if let Some(text) = text {
                yield Ok::<Bytes, actix_web::Error>(text);
            }
            if !live { break; }
            if idle {
                match shutdown.run_until_cancelled(timeout(HEARTBEAT, reader.wait())).await {
                    Some(Err(_)) => yield Ok(Bytes::from_static(b": still here\n\n")),
                    Some(Ok(())) => {}
                    None => break,
                }
            }
        }
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(Box::pin(feed)))
}

/// One event. JSON has no line breaks, so its data is one line.
fn event(name: &str, id: Option<&str>, data: &Result<Vec<u8>, Problem>) -> Bytes {
    let data = data.as_ref().map(|data| String::from_utf8_lossy(data)).unwrap_or_default();
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    Bytes::from(format!("event: {name}\n{id}data: {data}\n\n"))
}
