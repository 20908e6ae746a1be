//! `POST /api/v2/import`: a state joins the caller's space. The lines are read to the end and checked before anything is
//! written; then they are written part by part, and the answer says how far that is.

mod progress;
mod receive;
mod refusal;
mod report;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::found_space;
use application::transfer::state::{Import, import_id, preview};
use application::undo::{Point, make_point};
use infrastructure::clock::now_ms;
use infrastructure::postgres::imports::PostgresImports;
use serde::Deserialize;
use utoipa::IntoParams;

use self::report::ReportBody;
use crate::body::reply;
use crate::caller::{Caller, goes_on};
use crate::problem::{Content, Problem};
use crate::state::App;

/// Whether it is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// Only says what the import would come to.
    #[serde(default)]
    dry_run: bool,
}

/// Takes a state export into the caller's space: entities under their ids, or new ones where those are taken; core skills
/// join those of the space; XP and days are added to the hero's. The same export again writes nothing twice, and goes on
/// where an import was cut off. A history (`what=log`) is not imported.
#[utoipa::path(post, path = "/api/v2/import", tag = "sync", security(("bearer" = [])), params(ImportQuery),
    request_body(content = String, content_type = "application/x-ndjson", description = "The lines of `GET /api/v2/export`; as `application/zstd` its zstd file."),
    responses(
        (status = 200, description = "A dry run: what it would come to. Else lines `{\"progress\": …}` and a last one, `{\"imported\": …, \"before\": …}` (a restore point) or `{\"problem\": …}`; an answer without the last was cut off: send the same again.", body = ReportBody),
        (status = 400, description = "`query_invalid`, `encoding_malformed`", body = Content, content_type = "application/problem+json"),
        (status = 408, description = "`body_timeout`", body = Content, content_type = "application/problem+json"),
        (status = 409, description = "`too_many_restore_points`: one is made before", body = Content, content_type = "application/problem+json"),
        (status = 413, description = "`import_too_large`", body = Content, content_type = "application/problem+json"),
        (status = 415, description = "`content_type_unsupported`, `encoding_unsupported`", body = Content, content_type = "application/problem+json"),
        (status = 422, description = "`import_format_unknown`, `import_log`, `import_version_unsupported`, `import_line_invalid`, `import_truncated`, `import_damaged`, `import_refused`", body = Content, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Content, content_type = "application/problem+json"),
        (status = 503, description = "`busy`, `unavailable`", body = Content, content_type = "application/problem+json")
    ))]
pub async fn import(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<ImportQuery>,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let packing = receive::packing(&request)?;
    let running = app.imports.begin(caller.account).await?;
    let (plan, lines) = receive::receive(&app, packing, body).await?;
    goes_on(&request)?;
    let (target, id) = (PostgresImports::new(app.pool.clone()), import_id(caller.space, &plan));
    found_space(app.get_ref(), caller.asker()).await?;
    let report = preview(&target, caller.space, id, &plan).await?;
    if query.dry_run {
        return Ok(reply(&request, StatusCode::OK, &ReportBody::from(report)));
    }
    if report.refused > 0 {
        return Err(refusal::refused(report));
    }
    let before = Point::before_import(caller.space, id, caller.device, now_ms());
    let before = make_point(&app.past, &app.past, caller.space, None, before).await?.id;
    let import = Import::begin(&target, caller.space, id, plan, now_ms()).await?;
    Ok(progress::answer(app, caller, running, (import, lines, target), (report, before)))
}
