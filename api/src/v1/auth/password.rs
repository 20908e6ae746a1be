//! `POST /api/auth/request-password-reset` and `POST /api/auth/reset-password`

use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, Failure, Refusal, Secret};

use super::entrance::address;
use super::wire::{said, text};
use crate::problem::Problem;
use crate::rollout;
use crate::state::App;
use crate::v1::body::OldBody;
use crate::v1::idempotency::key;
use crate::v2::auth::even::evenly;
use crate::v2::auth::fresh;

/// Sends a mail that lets its reader set a new password, if the address has an account. The answer is the same for every
/// address, and takes as long.
pub async fn request(app: web::Data<App>, request: HttpRequest, body: OldBody) -> Result<HttpResponse, Problem> {
    key(&request)?;
    let email = address(&body.0);
    rollout::by_address(&app, &email).await?;
    evenly(identity::forgot_password(app.get_ref(), &email, fresh(&request))).await?;
    Ok(said(&request, "If this address has an account, a mail is on its way."))
}

/// Sets a new password by the token of a mail; every session ends.
pub async fn reset(app: web::Data<App>, request: HttpRequest, body: OldBody) -> Result<HttpResponse, Problem> {
    key(&request)?;
    let (token, password) = (Secret::new(text(&body.0, "token")), Secret::new(text(&body.0, "newPassword")));
    rollout::by_mail_token(&app, token.reveal()).await?;
    match identity::reset_password(app.get_ref(), &token, password, fresh(&request)).await {
        Ok(()) => Ok(said(&request, "The password is set. Sign in with it.")),
        Err(Failure::Refused(Refusal::ResetTokenInvalid)) => {
            rollout::of_unknown(&app)?;
            Err(Refusal::ResetTokenInvalid.into())
        }
        Err(failure) => Err(failure.into()),
    }
}
