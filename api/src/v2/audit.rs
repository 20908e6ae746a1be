//! `GET /api/v2/audit`

use actix_web::{HttpRequest, HttpResponse, web};

use crate::admin::audit::{AuditBody, OwnAuditQuery, answer};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// Searches what was written into the caller's own space: by device, session, transaction, entity, field, time, cause and
/// text; the newest first. A request looks at 10 000 rows at most: a page with fewer rows than were asked for, or none, goes
/// on while `next` is there.
#[utoipa::path(get, path = "/api/v2/audit", tag = "history", params(OwnAuditQuery), security(("bearer" = [])), responses(
    (status = 200, description = "A page; or all that was asked for, as `text/csv` or `application/x-ndjson`.", body = AuditBody),
    (status = 400, description = "`query_invalid`, `page_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 503, description = "`not_yet`: the log is still being read; `busy`, `unavailable`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn own(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<OwnAuditQuery>,
) -> Result<HttpResponse, Problem> {
    let question = query.into_inner().question(&request, caller.account)?;
    answer(app, &request, caller, question, None).await
}
