//! `GET /api/v2/events`: the feed as Server-Sent Events.

use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use application::feed::Read;
use application::sync_history::{Channel, Tally};
use async_stream::stream;
use bytes::Bytes;
use domain::limits::PAGE_ROWS_DEFAULT;
use infrastructure::clock::now_ms;
use infrastructure::reader::LiveReader;
use infrastructure::revocations::SessionWatch;
use serde::Deserialize;
use serde_json::json;
use tokio::time::{sleep, timeout};
use utoipa::IntoParams;

use super::feed::{SnapshotWish, cursor, encoded, reset};
use super::noting::Noting;
use crate::body::Format;
use crate::caller::{Caller, awaited, revoked};
use crate::feeds::OpenFeed;
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
    /// `never`: every change, also when a snapshot would be shorter; `auto` when absent.
    #[serde(default)]
    #[param(inline)]
    snapshot: SnapshotWish,
}

/// Reads the feed live: events `changes` (their id is the cursor) and `reset`. It ends with the access token, and with a
/// last event `error` when the session ends.
#[utoipa::path(get, path = "/api/v2/events", tag = "sync", security(("bearer" = [])), params(EventsQuery), responses(
    (status = 200, description = "A stream of events.", content_type = "text/event-stream", body = String),
    (status = 400, description = "`cursor_invalid`, `cursor_foreign`", body = Content, content_type = "application/problem+json"),
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
    let reader = app.readers.open(caller.space, from).with_leap(query.snapshot.into()).near(awaited(&request));
    let session = app.revocations.watch(caller.session);
    let mut events = Events { app, caller, reader, session, idle: false, _open: open };
    let feed = stream! {
        loop {
            match events.next().await {
                Next::Event(text) => yield Ok::<Bytes, actix_web::Error>(text),
                Next::Last(text) => { yield Ok(text); break }
                Next::Over => break,
            }
        }
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(Box::pin(feed)))
}

/// An event stream that is open.
struct Events {
    app: web::Data<App>,
    caller: Caller,
    reader: LiveReader,
    session: SessionWatch,
    /// Whether everything that is there was read.
    idle: bool,
    _open: OpenFeed,
}

enum Next {
    Event(Bytes),
    Last(Bytes),
    Over,
}

impl Events {
    /// What is sent next: something new, or the end with the session or the token.
    async fn next(&mut self) -> Next {
        let noting = Noting::begin(&self.app, &self.caller, Channel::Events).waiting(true);
        let left_ms = self.caller.expires_at.saturating_sub(now_ms()).max(0).unsigned_abs();
        tokio::select! {
            biased;
            () = self.app.shutdown.cancelled() => Next::Over,
            because = self.session.ended() => Next::Last(refusal(&revoked(because))),
            () = sleep(Duration::from_millis(left_ms)) => Next::Over,
            next = read(&noting, &mut self.reader, &mut self.idle) => next,
        }
    }
}

async fn read(noting: &Noting, reader: &mut LiveReader, idle: &mut bool) -> Next {
    loop {
        if *idle && timeout(HEARTBEAT, reader.wait()).await.is_err() {
            return Next::Event(Bytes::from_static(b": still here\n\n"));
        }
        match reader.next(PAGE_ROWS_DEFAULT).await {
            Ok(Read::Page(page)) if page.changes.is_empty() => *idle = true,
            Ok(Read::Page(page)) => {
                *idle = false;
                noting.done(Tally::read(page.changes.len()));
                return Next::Event(event("changes", Some(&page.cursor.token()), &encoded(&page, Format::Json, None)));
            }
            Ok(Read::Reset(again)) => {
                noting.done(Tally::reset());
                return Next::Last(event("reset", None, &Ok(reset(&again, None).to_string().into_bytes())));
            }
            // The client comes back with its last id.
            Err(fault) => {
                tracing::warn!(fault = %fault, "an event stream ended");
                return Next::Over;
            }
        }
    }
}

/// The last event of a stream that is refused to go on.
fn refusal(problem: &Problem) -> Bytes {
    let data = json!({ "code": problem.code(), "problem": problem.content() });
    event("error", None, &Ok(data.to_string().into_bytes()))
}

/// One event. JSON has no line breaks, so its data is one line.
fn event(name: &str, id: Option<&str>, data: &Result<Vec<u8>, Problem>) -> Bytes {
    let data = data.as_ref().map(|data| String::from_utf8_lossy(data)).unwrap_or_default();
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    Bytes::from(format!("event: {name}\n{id}data: {data}\n\n"))
}
