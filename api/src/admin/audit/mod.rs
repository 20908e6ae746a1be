//! `GET /api/v2/admin/audit`, and what it shares with the caller's own log and the command line: what is asked for, the
//! rows, and their forms.

mod answer;
mod asked;
mod csv;
mod wire;

use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use application::audit::LookAt;

pub(crate) use answer::answer;
pub use asked::{AdminAuditQuery, AuditForm, OwnAuditQuery, SourceName};
pub(crate) use csv::{HEADER, line as csv_line};
pub use wire::{AuditBody, AuditRow};

use crate::caller::role::Support;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Searches what was written into spaces, and the security log: by whose it is, device, session, transaction, entity, field,
/// time, cause and text; the newest first. Everybody of whom something is shown can read in the access log who looked. A
/// request looks at 10 000 rows at most: a page with fewer rows than were asked for, or none, goes on while `next` is there.
#[utoipa::path(get, path = "/api/v2/admin/audit", tag = "admin", params(AdminAuditQuery), security(("bearer" = [])),
responses(
    (status = 200, description = "A page; or all that was asked for, as `text/csv` or `application/x-ndjson`.", body = AuditBody),
    (status = 400, description = "`query_invalid`, `page_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: support or admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: there is no such account.", body = Content, content_type = "application/problem+json"),
    (status = 503, description = "`not_yet`: the log of that account is still being read; `busy`, `unavailable`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn search(
    app: web::Data<App>,
    request: HttpRequest,
    by: Support,
    query: Result<Query<AdminAuditQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let query = query.map_err(|error| Problem::new(Code::QueryInvalid).detail(error.to_string()))?;
    let question = query.into_inner().question(&request)?;
    let look = LookAt::begun(by.actor);
    answer(app, &request, by.caller, question, Some(look)).await
}
