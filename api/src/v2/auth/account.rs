//! `DELETE /api/v2/auth/account` and `POST /api/v2/auth/account/cancel-deletion`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, Secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{delay, fresh};
use crate::body::{Body, reply};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;

/// What asks for the end of an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeletionBody {
    /// A token alone does not delete an account.
    #[schema(format = Password)]
    password: String,
}

/// When an account ends.
#[derive(Serialize, ToSchema)]
pub struct ScheduledBody {
    /// From when on everything of it is erased, ms.
    erase_after: i64,
}

/// Asks for the account and its space to be erased, after days of grace. Every session ends; signing in again and calling
/// it off is possible until then. A second wish keeps the first date.
#[utoipa::path(delete, path = "/api/v2/auth/account", tag = "identity", request_body = DeletionBody,
security(("bearer" = [])), responses(
    (status = 202, description = "Scheduled.", body = ScheduledBody),
    (status = 401, description = "`credentials_invalid`: the password is wrong", body = Content,
     content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json"),
    (status = 429, description = "`sign_in_delayed`, `rate_limited`", body = Content, content_type = "application/problem+json")
))]
pub async fn remove(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: Body<DeletionBody>,
) -> Result<HttpResponse, Problem> {
    let password = Secret::new(body.0.password);
    let asker = caller.asker();
    let scheduling = identity::delete_account(app.get_ref(), &asker, password, fresh(&request));
    let erase_after = delay::around(&app, &request, &caller, scheduling).await??;
    Ok(reply(&request, StatusCode::ACCEPTED, &ScheduledBody { erase_after }))
}

/// Calls the deletion off. Where none is scheduled, nothing changes.
#[utoipa::path(post, path = "/api/v2/auth/account/cancel-deletion", tag = "identity", security(("bearer" = [])),
responses(
    (status = 204, description = "The account stays.")
))]
pub async fn cancel_deletion(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    identity::cancel_deletion(app.get_ref(), caller.account, fresh(&request)).await?;
    Ok(HttpResponse::NoContent().finish())
}
