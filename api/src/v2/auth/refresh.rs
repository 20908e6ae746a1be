//! `POST /api/v2/auth/refresh`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBody, fresh, outcome};
use crate::body::Body;
use crate::problem::{Content, Problem};
use crate::state::App;

/// What a refresh asks for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshBody {
    /// The one from the last answer.
    refresh_token: String,
}

/// Gives a refresh token in for the next one and a new access token. It is good for one use.
#[utoipa::path(post, path = "/api/v2/auth/refresh", tag = "identity", request_body = RefreshBody, responses(
    (status = 200, description = "The session goes on.", body = SessionBody),
    (status = 401, description = "`refresh_token_invalid`: unknown, used, expired or revoked.", body = Content,
     content_type = "application/problem+json")
))]
pub async fn refresh(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<RefreshBody>,
) -> Result<HttpResponse, Problem> {
    let presented = Secret::new(body.0.refresh_token);
    let refreshed = identity::refresh(app.get_ref(), &presented, fresh(&request)).await;
    outcome::answer(&request, "refresh", StatusCode::OK, refreshed)
}
