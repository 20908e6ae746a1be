//! `GET /api/v2/export`: everything of the caller's, as lines of JSON. Each thing that can be exported is a file in this
//! room; how lines travel is another.

pub(crate) mod lines;
mod log;
mod state;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use self::lines::Form;
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// What to export, and how.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// `state`, when absent, or `log`.
    #[serde(default)]
    what: What,
    /// Whether the lines come as a compressed file (zstd) instead of text.
    #[serde(default)]
    zstd: bool,
}

/// What can be exported.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// What the space holds now.
    #[default]
    State,
    /// Everything that ever happened in it.
    Log,
}

/// Exports the caller's space as it is now, line by line. The last line says how many there are; an answer without it was
/// cut off.
#[utoipa::path(get, path = "/api/v2/export", tag = "sync", security(("bearer" = [])), params(ExportQuery), responses(
    (status = 200, description = "Lines of JSON, or the same as a zstd file.", content_type = "application/x-ndjson", body = String),
    (status = 400, description = "`query_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 429, description = "`rate_limited`", body = Content, content_type = "application/problem+json"),
    (status = 503, description = "`busy`: one of this account is running, or too many of others; `unavailable`", body = Content, content_type = "application/problem+json")
))]
pub async fn export(
    app: web::Data<App>,
    caller: Caller,
    query: web::Query<ExportQuery>,
) -> Result<HttpResponse, Problem> {
    let form = if query.zstd { Form::Zstd } else { Form::Text };
    match query.what {
        What::Log => log::export(app, caller, form).await,
        What::State => state::export(app, caller, form).await,
    }
}
