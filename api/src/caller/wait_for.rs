//! `X-Wait-For: <cursor>`: a request is served once this node sees what the cursor has seen. For who has just written over another
//! node, or read there, and must not see less here.

use std::time::Duration;

use actix_web::http::header::HeaderName;
use actix_web::{HttpRequest, web};
use application::cursor::Cursor;
use application::feed::Log;
use infrastructure::clock::now_ms;
use tokio::time::timeout;

use super::{Caller, revoked};
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::feed::cursor;

/// The header.
pub const X_WAIT_FOR: HeaderName = HeaderName::from_static("x-wait-for");
/// How long a request waits.
const WAIT_MS_MAX: u64 = 2_000;
/// When to come back then.
const RETRY_MS: u64 = 500;

/// Waits, if the request asks for it.
///
/// # Errors
/// `not_yet` after two seconds; `cursor_outlived` for a cursor that this log will never reach; `cursor_invalid`,
/// `cursor_foreign`.
pub(super) async fn wait(app: &web::Data<App>, request: &HttpRequest, caller: &Caller) -> Result<(), Problem> {
    let Some(sent) = request.headers().get(X_WAIT_FOR) else { return Ok(()) };
    let Some(awaited) = cursor(caller, Some(sent.to_str().unwrap_or("?")))? else { return Ok(()) };
    if is_seen(app, &awaited).await? {
        return Ok(());
    }
    let mut space = app.readers.hub().subscribe(awaited.space);
    let started = now_ms();
    tokio::select! {
        biased;
        () = app.shutdown.cancelled() => {}
        waited = timeout(Duration::from_millis(WAIT_MS_MAX), space.beyond(awaited.position - 1)) => drop(waited),
    }
    if let Some(because) = app.revocations.reason(caller.session) {
        return Err(revoked(because));
    }
    if is_seen(app, &awaited).await? {
        return Ok(());
    }
    let waited_ms = now_ms().saturating_sub(started);
    let detail = format!("After {waited_ms} ms this node does not see it. Ask again, or read without X-Wait-For.");
    Err(Problem::new(Code::NotYet).detail(detail).retry_after_ms(RETRY_MS))
}

/// The position that a request waits for, once it was let through; 0 where it waits for none.
pub fn awaited(request: &HttpRequest) -> i64 {
    let sent = request.headers().get(X_WAIT_FOR).and_then(|sent| sent.to_str().ok());
    sent.and_then(|token| Cursor::read(token).ok()).map_or(0, |cursor| cursor.position)
}

/// Whether the log goes as far as the cursor, and the same way.
async fn is_seen(app: &App, awaited: &Cursor) -> Result<bool, Problem> {
    let slice = app.readers.awaiting(*awaited).after(awaited.space, awaited.position, 0).await?;
    if awaited.epoch != slice.head.epoch {
        return Err(outlived());
    }
    if awaited.position > slice.head.position {
        return Ok(false);
    }
    match slice.hash_before {
        Some(hash) if !awaited.is_at(&hash) => Err(outlived()),
        _ => Ok(true),
    }
}

fn outlived() -> Problem {
    Problem::new(Code::CursorOutlived)
        .detail("The server was restored since. Read /api/v2/changes with your own cursor: a reset says how to go on.")
}
