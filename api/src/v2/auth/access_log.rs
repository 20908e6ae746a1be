//! `GET /api/v2/auth/access-log`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, AccessPage, LoggedEntry};
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

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccessLogQuery {
    /// The `next` of the page before.
    page: Option<String>,
    /// Entries at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// A page of the log.
#[derive(Serialize, ToSchema)]
pub struct AccessLogBody {
    /// The newest first.
    items: Vec<AccessBody>,
    /// The token of the next page, to be sent as `page`; null after the last.
    #[schema(required)]
    next: Option<String>,
}

/// Something that happened to the account.
#[derive(Serialize, ToSchema)]
pub struct AccessBody {
    /// When, Unix ms.
    at: i64,
    /// What, such as `signed_in`, `sign_in_refused`, `device_added`, `looked_at`.
    act: String,
    /// By whom: `support`, `admin` or `operator`; null: by the account itself, or somebody who claimed to be it.
    #[schema(required)]
    actor: Option<&'static str>,
    /// From or about which device.
    #[schema(required)]
    device_id: Option<Uuid>,
    /// In which session.
    #[schema(required)]
    session_id: Option<Uuid>,
    /// From which network; never a whole address.
    #[schema(required)]
    network: Option<String>,
    /// What else there is to say.
    #[schema(value_type = Object)]
    about: Value,
}

/// What happened to the caller's account: sign-ins and refused ones, devices, sessions, and who of support or
/// administration looked or acted.
#[utoipa::path(
    get, path = "/api/v2/auth/access-log", tag = "identity", security(("bearer" = [])), params(AccessLogQuery),
    responses(
        (status = 200, description = "A page.", body = AccessLogBody),
        (status = 400, description = "`query_invalid`, `page_invalid`", body = Content,
         content_type = "application/problem+json")
    )
)]
pub async fn access_log(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<AccessLogQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = rows(query.limit)?;
    let before = query.page.as_deref().map(|page| id(page).ok_or_else(page_invalid)).transpose()?;
    let page = identity::access_log(app.get_ref(), caller.account, before, limit).await?;
    Ok(reply(&request, StatusCode::OK, &AccessLogBody::from(page)))
}

fn page_invalid() -> Problem {
    Problem::new(Code::PageInvalid).detail("Start again without `page`.").with("parameter", "page")
}

impl From<AccessPage> for AccessLogBody {
    fn from(page: AccessPage) -> Self {
        let next = page.entries.last().filter(|_| page.more).map(|last| last.id.to_string());
        Self { items: page.entries.into_iter().map(AccessBody::from).collect(), next }
    }
}

impl From<LoggedEntry> for AccessBody {
    fn from(entry: LoggedEntry) -> Self {
        Self {
            at: entry.at,
            act: entry.act,
            actor: entry.by.as_str(),
            device_id: entry.device.map(|device| device.0),
            session_id: entry.session.map(|session| session.0),
            network: entry.network,
            about: entry.about,
        }
    }
}
