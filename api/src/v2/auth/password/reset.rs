//! `POST /api/v2/auth/password/reset`

use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::problem::{Content, Problem};
use crate::rollout;
use crate::state::App;
use crate::v2::auth::fresh;

/// A new password, by a mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetBody {
    /// The code of the mail, which is also what its link ends with.
    token: String,
    /// At least 8 characters, at most 1024 bytes.
    #[schema(format = Password)]
    new_password: String,
}

/// Sets a new password. The token works once; every session ends, and the address counts as proven.
#[utoipa::path(post, path = "/api/v2/auth/password/reset", tag = "identity", request_body = ResetBody, responses(
    (status = 204, description = "The password is set; sign in with it."),
    (status = 400, description = "`reset_token_invalid`: unknown, used, expired, or replaced by that of a later mail.",
     body = Content, content_type = "application/problem+json"),
    (status = 421, description = "`account_elsewhere`: the account has not moved here, or has moved back; the token stays good.",
     body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`fields_invalid`, `body_invalid`, `field_unknown`; the token stays good.",
     body = Content, content_type = "application/problem+json")
))]
pub async fn reset(app: web::Data<App>, request: HttpRequest, body: Body<ResetBody>) -> Result<HttpResponse, Problem> {
    let ResetBody { token, new_password } = body.0;
    let (token, new_password) = (Secret::new(token), Secret::new(new_password));
    rollout::by_mail_token(&app, token.reveal()).await?;
    identity::reset_password(app.get_ref(), &token, new_password, fresh(&request)).await?;
    Ok(HttpResponse::NoContent().finish())
}
