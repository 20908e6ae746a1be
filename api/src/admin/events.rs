//! `GET /api/v2/admin/events`: what goes on, as Server-Sent Events.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use application::identity::Role;
use async_stream::stream;
use bytes::Bytes;
use infrastructure::admin_feed::Happening;
use infrastructure::clock::now_ms;
use infrastructure::revocations::SessionWatch;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, interval, sleep};

use crate::caller::role::{Admin, role_now};
use crate::caller::{Caller, revoked};
use crate::feeds::OpenFeed;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// How often a listener hears that the connection lives, and whether it is still an admin's is looked up.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What goes on: `node_started`, `node_stopped`, `database_was_away`, `circuit_opened`, `circuit_closed`, `flag_set`,
/// `flag_removed`, `redacted`, `erased`, `locked`, `unlocked`, `role_changed`, `role_missing`, `merged_into`; expect more. `missed`
/// says how many were dropped for a listener that is too slow. It ends with the token, the role, and, after a last event `error`,
/// with the session.
#[utoipa::path(get, path = "/api/v2/admin/events", tag = "admin", operation_id = "admin_events", security(("bearer" = [])),
responses(
    (status = 200, description = "A stream of events from now on: `{at, …}`.", content_type = "text/event-stream", body = String),
    (status = 403, description = "`role_missing`: admin only.", body = Content, content_type = "application/problem+json"),
    (status = 429, description = "`feeds_too_many`", body = Content, content_type = "application/problem+json")
))]
pub async fn events(app: web::Data<App>, by: Admin) -> Result<HttpResponse, Problem> {
    let open = app.feeds.open(by.caller.account, by.caller.device, "admin")?;
    let (told, session) = (app.admin_feed.listen(), app.revocations.watch(by.caller.session));
    let mut listener = Listener { app, caller: by.caller, told, session, beats: interval(HEARTBEAT), _open: open };
    let feed = stream! {
        loop {
            match listener.next().await {
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

/// Somebody who listens.
struct Listener {
    app: web::Data<App>,
    caller: Caller,
    told: Receiver<Arc<Happening>>,
    session: SessionWatch,
    beats: Interval,
    _open: OpenFeed,
}

enum Next {
    Event(Bytes),
    Last(Bytes),
    Over,
}

impl Listener {
    async fn next(&mut self) -> Next {
        let left_ms = self.caller.expires_at.saturating_sub(now_ms()).max(0).unsigned_abs();
        tokio::select! {
            biased;
            () = self.app.shutdown.cancelled() => Next::Over,
            because = self.session.ended() => Next::Last(refusal(&revoked(because))),
            () = sleep(Duration::from_millis(left_ms)) => Next::Over,
            told = self.told.recv() => match told {
                Ok(happening) => Next::Event(told_of(&happening)),
                Err(RecvError::Lagged(count)) => Next::Event(event("missed", None, &json!({ "count": count }))),
                Err(RecvError::Closed) => Next::Over,
            },
            _ = self.beats.tick() => self.beat().await,
        }
    }

    /// A role that was taken away ends the stream, and so does a lock. While the database is away nothing says that it was; and just
    /// then an admin wants to hear.
    async fn beat(&self) -> Next {
        match role_now(&self.app, self.caller.account).await {
            Ok(Ok(Role::Admin)) | Err(_) => Next::Event(Bytes::from_static(b": still here\n\n")),
            Ok(Ok(Role::User | Role::Support)) => Next::Last(refusal(&Problem::new(Code::RoleMissing))),
            Ok(Err(problem)) => Next::Last(refusal(&problem)),
        }
    }
}

fn told_of(happening: &Happening) -> Bytes {
    let mut data = happening.about.clone();
    data["at"] = json!(happening.at);
    event(&happening.what, Some(&happening.id.to_string()), &data)
}

/// The last event of a stream that is refused to go on.
fn refusal(problem: &Problem) -> Bytes {
    event("error", None, &json!({ "code": problem.code(), "problem": problem.content() }))
}

/// One event. JSON has no line breaks, so its data is one line.
fn event(name: &str, id: Option<&str>, data: &Value) -> Bytes {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    Bytes::from(format!("event: {name}\n{id}data: {data}\n\n"))
}
