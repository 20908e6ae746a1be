//! `POST /api/v2/auth/password/change`

use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, ChangePassword, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;
use crate::v2::auth::{delay, fresh};

/// A new password, by who knows the one until now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeBody {
    /// The one until now.
    #[schema(format = Password)]
    current_password: String,
    /// At least 8 characters, at most 1024 bytes.
    #[schema(format = Password)]
    new_password: String,
}

/// Sets a new password. This session goes on, every other one ends, and the account gets a mail.
#[utoipa::path(post, path = "/api/v2/auth/password/change", tag = "identity", request_body = ChangeBody,
    security(("bearer" = [])), responses(
    (status = 204, description = "The password is set."),
    (status = 401, description = "`credentials_invalid`: the password until now is wrong", body = Content,
     content_type = "application/problem+json"),
    (status = 429, description = "`sign_in_delayed`, `rate_limited`", body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`fields_invalid`, `body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: Body<ChangeBody>,
) -> Result<HttpResponse, Problem> {
    let ChangeBody { current_password, new_password } = body.0;
    let (current, new) = (Secret::new(current_password), Secret::new(new_password));
    let asked = ChangePassword { asker: caller.asker(), current, new };
    let changing = identity::change_password(app.get_ref(), asked, fresh(&request));
    delay::around(&app, &request, &caller, changing).await??;
    Ok(HttpResponse::NoContent().finish())
}
