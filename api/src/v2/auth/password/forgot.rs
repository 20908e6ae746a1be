//! `POST /api/v2/auth/password/forgot`

use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::problem::{Content, Problem};
use crate::rollout;
use crate::state::App;
use crate::v2::auth::even::evenly;
use crate::v2::auth::fresh;

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgotBody {
    /// Compared without case.
    #[schema(example = "ada@example.org")]
    email: String,
}

/// Sends a mail that lets its reader set a new password, if the address has an account; at most three an hour. The answer
/// is the same for every address, and takes as long.
#[utoipa::path(post, path = "/api/v2/auth/password/forgot", tag = "identity", request_body = ForgotBody, responses(
    (status = 202, description = "If the address has an account, a mail is on its way."),
    (status = 421, description = "`account_elsewhere`: while accounts move here, one that has not moved yet, or an unknown one.",
     body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn forgot(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<ForgotBody>,
) -> Result<HttpResponse, Problem> {
    rollout::by_address(&app, &body.0.email).await?;
    evenly(identity::forgot_password(app.get_ref(), &body.0.email, fresh(&request))).await?;
    Ok(HttpResponse::Accepted().finish())
}
