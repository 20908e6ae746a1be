//! `POST /api/v2/auth/email/resend`

use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::problem::{Content, Problem};
use crate::state::App;
use crate::v2::auth::even::evenly;
use crate::v2::auth::fresh;

/// Which address is to be proven.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResendBody {
    /// Compared without case.
    #[schema(example = "ada@example.org")]
    email: String,
}

/// Sends the mail that proves an address once more, if it has an account and is not proven; at most three an hour. The
/// answer is the same for every address, and takes as long.
#[utoipa::path(post, path = "/api/v2/auth/email/resend", tag = "identity", request_body = ResendBody, responses(
    (status = 202, description = "If there is something to prove, a mail is on its way."),
    (status = 422, description = "`body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn resend(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<ResendBody>,
) -> Result<HttpResponse, Problem> {
    evenly(identity::resend_verification(app.get_ref(), &body.0.email, fresh(&request))).await?;
    Ok(HttpResponse::Accepted().finish())
}
