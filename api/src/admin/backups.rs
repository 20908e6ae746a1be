//! `/api/v2/admin/backups`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{Act, Entry, Place, SecurityLog};
use infrastructure::backup::Asked;
use infrastructure::clock::now_ms;
use infrastructure::postgres::backup::runs::{self, Run};
use infrastructure::postgres::fault::no_connection;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::reply;
use crate::caller::role::Admin;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Attempts that are listed.
const LISTED_MAX: i64 = 100;

/// What is known of backups, on any node. Moments are ms.
#[derive(Serialize, ToSchema)]
pub struct BackupsBody {
    /// How often this node makes one; null: it makes none.
    every_ms: Option<i64>,
    /// Chains that it keeps.
    keep: Option<usize>,
    /// Whether one is being made by itself.
    running: bool,
    /// The newest that is whole.
    last_whole: Option<BackupBody>,
    /// The last 100 that were made or tried, newest first.
    backups: Vec<BackupBody>,
}

/// A backup that was made or tried.
#[derive(Serialize, ToSchema)]
pub struct BackupBody {
    /// The name of its folder; null when there is none, or not yet.
    name: Option<String>,
    /// `schedule`, `admin` or `command`.
    cause: String,
    /// When it was begun.
    began_at: i64,
    /// When it ended; null while it is made, or when its node died.
    ended_at: Option<i64>,
    /// Spaces that had changed.
    spaces: Option<i64>,
    /// Events that are in it.
    events: Option<i64>,
    /// How long its files are.
    bytes: Option<i64>,
    /// Why there is none.
    fault: Option<String>,
}

/// What became of the wish.
#[derive(Serialize, ToSchema)]
pub struct AskedBody {
    /// `begun`.
    status: &'static str,
}

/// The backups that were made or tried.
#[utoipa::path(get, path = "/api/v2/admin/backups", tag = "admin", security(("bearer" = [])), responses(
    (status = 200, description = "What is known of them.", body = BackupsBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json")
))]
pub async fn list(app: web::Data<App>, request: HttpRequest, _by: Admin) -> Result<HttpResponse, Problem> {
    let client = app.pool.get().await.map_err(|error| no_connection(&error))?;
    let backups = runs::newest(&**client, LISTED_MAX).await?;
    let (last_whole, running) = (runs::last_whole(&**client).await?, runs::is_leased(&**client, now_ms()).await?);
    let plan = app.backups.plan();
    let body = BackupsBody {
        every_ms: plan.map(|(every_ms, _)| every_ms),
        keep: plan.map(|(_, keep)| keep),
        running,
        last_whole: last_whole.map(Into::into),
        backups: backups.into_iter().map(Into::into).collect(),
    };
    Ok(reply(&request, StatusCode::OK, &body))
}

/// Asks for a backup now. It is made beside everything else; the list says what came of it.
#[utoipa::path(post, path = "/api/v2/admin/backups", tag = "admin", security(("bearer" = [])), responses(
    (status = 202, description = "It is begun.", body = AskedBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 409, description = "`backups_off`: this node makes none; `backup_running`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn ask(app: web::Data<App>, request: HttpRequest, by: Admin) -> Result<HttpResponse, Problem> {
    match app.backups.ask().await? {
        Asked::Begun => {}
        Asked::Running => return Err(Problem::new(Code::BackupRunning).detail("The list says what comes of it.")),
        Asked::Off => {
            return Err(Problem::new(Code::BackupsOff).detail("Ask a node that was given a folder for backups."));
        }
    }
    let entry = Entry::by_oneself(by.caller.account, Act::BackupAsked, Place::default(), now_ms());
    let session = Some(by.caller.session);
    app.directory.record(Entry { actor: by.actor, session, ..entry }).await?;
    Ok(reply(&request, StatusCode::ACCEPTED, &AskedBody { status: "begun" }))
}

impl From<Run> for BackupBody {
    fn from(run: Run) -> Self {
        let Run { name, cause, began_at, ended_at, spaces, events, bytes, fault, .. } = run;
        Self { name, cause, began_at, ended_at, spaces, events, bytes, fault }
    }
}
