//! `GET /api/v2/auth/sessions`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, LivingSession};
use domain::id::SessionId;
use infrastructure::clock;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// The sessions of an account.
#[derive(Serialize, ToSchema)]
pub struct SessionsBody {
    /// The current one first, then those used last.
    items: Vec<SessionItem>,
}

/// A session that goes on.
#[derive(Serialize, ToSchema)]
pub struct SessionItem {
    /// Which.
    id: Uuid,
    /// On which device.
    device_id: Uuid,
    /// What the device is called; empty when nobody named it.
    device_name: String,
    /// `ios`, `web` or `other`.
    platform: String,
    /// What the app last said it is.
    app_version: Option<String>,
    /// When it began, ms.
    created_at: i64,
    /// When it was last signed in or refreshed, ms.
    last_seen_at: i64,
    /// From which network that was, such as `203.0.113.0/24`.
    #[schema(example = "203.0.113.0/24")]
    last_network: Option<String>,
    /// Whether it is the one that asks.
    current: bool,
}

/// Lists the sessions of the account that go on, with device and place of last use.
#[utoipa::path(get, path = "/api/v2/auth/sessions", tag = "identity", security(("bearer" = [])), responses(
    (status = 200, description = "The sessions.", body = SessionsBody)
))]
pub async fn list(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let found = identity::list_sessions(app.get_ref(), caller.account, caller.session, clock::now_ms()).await?;
    let items = found.into_iter().map(|session| item(session, caller.session)).collect();
    Ok(reply(&request, StatusCode::OK, &SessionsBody { items }))
}

fn item(session: LivingSession, current: SessionId) -> SessionItem {
    SessionItem {
        id: session.id.0,
        device_id: session.device.0,
        device_name: session.device_name,
        platform: session.platform,
        app_version: session.app_version,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        last_network: session.last_network,
        current: session.id == current,
    }
}
