//! `POST /api/v2/auth/email/verify`

use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::problem::{Content, Problem};
use crate::state::App;
use crate::v2::auth::fresh;

/// What proves an address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyBody {
    /// The code of the mail, which is also what its link ends with.
    token: String,
}

/// Proves the address that the mail was sent to. The token works once.
#[utoipa::path(post, path = "/api/v2/auth/email/verify", tag = "identity", request_body = VerifyBody, responses(
    (status = 204, description = "The address is proven."),
    (status = 400, description = "`verification_token_invalid`: unknown, used, expired, or replaced by that of a later \
     mail.", body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn verify(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<VerifyBody>,
) -> Result<HttpResponse, Problem> {
    identity::verify_email(app.get_ref(), &Secret::new(body.0.token), fresh(&request)).await?;
    Ok(HttpResponse::NoContent().finish())
}
