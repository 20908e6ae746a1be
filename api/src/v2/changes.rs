//! `GET /api/v2/changes`

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::feed::Read;
use application::sync_history::{Channel, Tally};
use domain::limits::LONG_POLL_MS_MAX;
use serde::Deserialize;
use tokio::time::timeout;
use utoipa::IntoParams;

use super::feed::{SnapshotWish, cursor, encoded, reset, rows};
use super::noting::Noting;
use crate::body::{Format, reply};
use crate::caller::{Caller, awaited, revoked};
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Where to read from, how much, and how long to wait.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ChangesQuery {
    /// Where the reader stands; absent: the beginning of the log.
    cursor: Option<String>,
    /// Changes at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
    /// Seconds to wait for a change when there is none, 0 to 30; 0 when absent.
    wait: Option<u64>,
    /// `never`: every change, also when a snapshot would be shorter; `auto` when absent.
    #[serde(default)]
    #[param(inline)]
    snapshot: SnapshotWish,
}

/// Reads what happened after a cursor: `{changes, cursor, head, pending, caught_up, checksum?}`, or `{reset: true, reason,
/// resend_after, base, head}` when the cursor cannot belong to this log (`epoch`, `ahead`, `forked`), when that part of it is no
/// longer served (`archived`), or when a snapshot is shorter (`cheaper`). A page never splits a transaction, unless it says `part` and `of`.
#[utoipa::path(get, path = "/api/v2/changes", tag = "sync", security(("bearer" = [])), params(ChangesQuery), responses(
    (status = 200, description = "The next changes, or a reset.", body = Object),
    (status = 400, description = "`cursor_invalid`, `cursor_foreign`, `query_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 401, description = "`session_revoked`: also while it waits", body = Content, content_type = "application/problem+json")
))]
pub async fn changes(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<ChangesQuery>,
) -> Result<HttpResponse, Problem> {
    let noting = Noting::begin(&app, &caller, Channel::Http).waiting(query.wait.is_some());
    match noting.unless_refused(found(&app, &request, &caller, &query).await)? {
        Read::Reset(again) => {
            noting.done(Tally::reset());
            Ok(reply(&request, StatusCode::OK, &reset(&again, None)))
        }
        Read::Page(page) => {
            noting.done(Tally::read(page.changes.len()));
            let format = Format::accepted(&request);
            Ok(HttpResponse::Ok().content_type(format.media_type()).body(encoded(&page, format, None)?))
        }
    }
}

/// The next page, waited for as long as the query says.
async fn found(app: &App, request: &HttpRequest, caller: &Caller, query: &ChangesQuery) -> Result<Read, Problem> {
    let rows = rows(query.limit)?;
    let wait_ms = query.wait.unwrap_or(0).saturating_mul(1_000);
    if wait_ms > LONG_POLL_MS_MAX {
        let detail = format!("wait is a number of seconds from 0 to {}.", LONG_POLL_MS_MAX / 1_000);
        return Err(Problem::new(Code::QueryInvalid).detail(detail).with("parameter", "wait"));
    }
    let from = cursor(caller, query.cursor.as_deref())?;
    let mut reader = app.readers.open(caller.space, from).with_leap(query.snapshot.into()).near(awaited(request));
    let mut found = reader.next(rows).await?;
    if wait_ms > 0 && matches!(&found, Read::Page(page) if page.changes.is_empty()) {
        let _open = app.feeds.open(caller.account, caller.device, "poll")?;
        let mut session = app.revocations.watch(caller.session);
        tokio::select! {
            biased;
            because = session.ended() => return Err(revoked(because)),
            () = app.shutdown.cancelled() => {}
            waited = timeout(Duration::from_millis(wait_ms), reader.wait()) => if waited.is_ok() {
                found = reader.next(rows).await?;
            }
        }
    }
    Ok(found)
}
