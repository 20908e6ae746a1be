//! `POST /api/v2/auth/refresh`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBody, fresh, outcome};
use crate::body::{RawBody, decode};
use crate::caller::browser;
use crate::problem::{Content, Problem};
use crate::state::App;

/// What a refresh asks for; a browser with cookies may send no body.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshBody {
    /// The one from the last answer; absent when it is a cookie, which then needs the header `X-CSRF-Token`.
    refresh_token: Option<String>,
}

/// Gives a refresh token in for the next one and a new access token. It is good for one use.
#[utoipa::path(post, path = "/api/v2/auth/refresh", tag = "identity", request_body = RefreshBody, responses(
    (status = 200, description = "The session goes on.", body = SessionBody),
    (status = 401, description = "`refresh_token_invalid`: unknown, used, expired or revoked.", body = Content,
     content_type = "application/problem+json"),
    (status = 403, description = "`csrf_invalid`, `origin_refused`: by cookie only.", body = Content,
     content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`: neither a token nor a cookie; `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn refresh(app: web::Data<App>, request: HttpRequest, body: RawBody) -> Result<HttpResponse, Problem> {
    let asked =
        if body.bytes.is_empty() { RefreshBody::default() } else { decode::<RefreshBody>(body.format, &body.bytes)? };
    let (presented, csrf) = browser::goes_on(&app, &request, asked.refresh_token).await?;
    let refreshed = identity::refresh(app.get_ref(), &presented, fresh(&request)).await;
    outcome::answer(&request, "refresh", StatusCode::OK, refreshed, csrf.as_ref())
}
