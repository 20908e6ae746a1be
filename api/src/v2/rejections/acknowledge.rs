//! `POST /api/v2/rejections/{id}/acknowledge`

use actix_web::{HttpResponse, web};
use infrastructure::postgres::rows::id;

use crate::caller::Caller;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Takes a refused transaction off the list, for every device of the account. Doing it again changes nothing. Its receipt stays.
#[utoipa::path(
    post, path = "/api/v2/rejections/{id}/acknowledge", operation_id = "acknowledge_rejection", tag = "sync",
    security(("bearer" = [])), params(("id" = String, Path, description = "The transaction's id.")),
    responses(
        (status = 204, description = "Nobody is shown it any more."),
        (status = 404, description = "`not_found`: no refused transaction of the caller's", body = Content,
         content_type = "application/problem+json")
    )
)]
pub async fn acknowledge(
    app: web::Data<App>,
    caller: Caller,
    named: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(Code::NotFound).detail("You have no refused transaction with this id.");
    let transaction = id(&named).ok_or_else(missing)?;
    if app.rejections.acknowledge(caller.space, transaction).await? {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(missing())
}
