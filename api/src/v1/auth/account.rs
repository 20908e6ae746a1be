//! `DELETE /api/users/account` and `POST /api/users/cancel-deletion`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, Secret};
use serde_json::json;

use super::wire::{said, text};
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, FieldProblem, Problem};
use crate::state::App;
use crate::v1::body::OldBody;
use crate::v1::idempotency::key;
use crate::v1::moment;
use crate::v2::auth::{delay, fresh};

/// Asks for the account to be erased after the days of grace; every session ends. When it is erased is the operator's to
/// say, so a date that comes with it changes nothing.
pub async fn remove(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let password = text(&body.0, "password");
    if password.is_empty() {
        let field = FieldProblem::new("/password", "required", "The password is needed to delete an account.");
        return Err(Problem::new(Code::BodyInvalid).detail("Send `password`.").field(field));
    }
    let asker = caller.asker();
    let scheduling = identity::delete_account(app.get_ref(), &asker, Secret::new(password), fresh(&request));
    let erase_after = delay::around(&app, &request, &caller, scheduling).await??;
    let answer = json!({
        "message": "Your account is to be deleted.",
        "deletionDate": moment::text(erase_after),
        "note": "You are signed out everywhere. Sign in before that day and call it off, and the account stays.",
    });
    Ok(reply(&request, StatusCode::OK, &answer))
}

/// Calls the deletion off. Where none is scheduled, nothing changes.
pub async fn cancel(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    key(&request)?;
    identity::cancel_deletion(app.get_ref(), caller.account, fresh(&request)).await?;
    Ok(said(&request, "Your account stays."))
}
