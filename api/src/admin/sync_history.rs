//! `GET /api/v2/admin/accounts/{id}/sync-history`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::admin::{self, Order};
use infrastructure::clock;

use super::{AccountPath, account};
use crate::body::reply;
use crate::caller::role::Support;
use crate::problem::{Code, Content, Problem};
use crate::state::App;
use crate::v2::sync_history::{SyncHistoryBody, SyncHistoryQuery, history_of, wanted};

/// When an account's devices synced and what came of it. The look is logged, and the account can read who looked.
#[utoipa::path(get, path = "/api/v2/admin/accounts/{id}/sync-history", tag = "admin",
params(("id" = uuid::Uuid, Path), SyncHistoryQuery), security(("bearer" = [])), responses(
    (status = 200, description = "A page.", body = SyncHistoryBody),
    (status = 400, description = "`query_invalid`, `page_invalid`", body = Content,
     content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: support or admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
))]
pub async fn sync_history(
    app: web::Data<App>,
    request: HttpRequest,
    by: Support,
    path: AccountPath,
    query: Result<web::Query<SyncHistoryQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let id = account(path)?;
    let query = query.map_err(|error| Problem::new(Code::QueryInvalid).detail(error.to_string()))?;
    let wanted = wanted(&query)?;
    let order = Order { account: id, by: by.actor, at: clock::now_ms() };
    admin::look_at(&app.directory, order, "sync_history").await?;
    Ok(reply(&request, StatusCode::OK, &history_of(&app, id, &wanted).await?))
}
