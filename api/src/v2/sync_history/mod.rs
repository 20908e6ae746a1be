//! `GET /api/v2/sync-history`

pub mod wire;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::sync_history::{Wanted, page};
use domain::id::{AccountId, DeviceId};
use infrastructure::postgres::rows::id as read_id;
use serde::Deserialize;
use utoipa::IntoParams;

pub use self::wire::{SyncBody, SyncHistoryBody};
use super::feed::rows;
use super::parameters::id;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Which syncs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SyncHistoryQuery {
    /// Of one device only.
    device: Option<String>,
    /// The `next` of the page before.
    page: Option<String>,
    /// Syncs at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// When the caller's devices synced and what came of it, the newest first. A sync ends when its device is quiet for a minute,
/// and after a quarter of an hour another continues it. What other nodes noted shows after a minute at most.
#[utoipa::path(
    get, path = "/api/v2/sync-history", tag = "history", security(("bearer" = [])), params(SyncHistoryQuery),
    responses(
        (status = 200, description = "A page.", body = SyncHistoryBody),
        (status = 400, description = "`query_invalid`, `page_invalid`", body = Content,
         content_type = "application/problem+json")
    )
)]
pub async fn sync_history(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<SyncHistoryQuery>,
) -> Result<HttpResponse, Problem> {
    let body = history_of(&app, caller.account, &wanted(&query)?).await?;
    Ok(reply(&request, StatusCode::OK, &body))
}

/// What a query asks for.
///
/// # Errors
/// It cannot be used.
pub fn wanted(query: &SyncHistoryQuery) -> Result<Wanted, Problem> {
    let invalid = || Problem::new(Code::PageInvalid).detail("Start again without `page`.").with("parameter", "page");
    Ok(Wanted {
        device: query.device.as_deref().map(|text| id("device", text)).transpose()?.map(DeviceId),
        before: query.page.as_deref().map(|page| read_id(page).ok_or_else(invalid)).transpose()?,
        rows: rows(query.limit)?,
    })
}

/// A page of an account's history, with what this node has noted until now.
///
/// # Errors
/// The database failed.
pub async fn history_of(app: &App, account: AccountId, wanted: &Wanted) -> Result<SyncHistoryBody, Problem> {
    let _turn = app.read_turns.take().await?;
    app.sync_notes.write_of(&app.sync_history, account).await?;
    let page = page(&app.sync_history, account, *wanted).await?;
    let devices: Vec<DeviceId> = page.syncs.iter().map(|sync| sync.device).collect();
    let names = app.past.device_names(account, &devices).await?;
    let next = page.syncs.last().filter(|_| page.more).map(|last| last.id.to_string());
    let items = page.syncs.into_iter().map(|sync| SyncBody::of(sync, &names)).collect();
    Ok(SyncHistoryBody { items, next })
}
