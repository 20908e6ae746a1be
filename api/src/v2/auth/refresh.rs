//! `POST /api/v2/auth/refresh`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, Failure, RefreshProof, Refusal, SignedIn};
use infrastructure::metric_names::REFRESHES_REFUSED_TOTAL;
use metrics::counter;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBody, fresh, outcome};
use crate::body::{RawBody, decode};
use crate::caller::browser;
use crate::problem::{Content, Problem};
use crate::rollout;
use crate::state::App;

/// What a refresh asks for; a browser with cookies may send no body.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshBody {
    /// The one from the last answer; absent when it is a cookie, which then needs the header `X-CSRF-Token`.
    refresh_token: Option<String>,
    /// From a device with a key: the nonce of the refusal before.
    nonce: Option<String>,
    /// From a device with a key: ECDSA P-256 with SHA-256, r and s side by side or DER, in base64url without padding, over
    /// the lines `levelup-refresh-v1`, nonce, session id, and base64url of the SHA-256 of the refresh token's text.
    signature: Option<String>,
}

/// Gives a refresh token in for the next one and a new access token. The same one again within 30 s gets the same answer;
/// later it ends its session. A device with a key signs a nonce, which the refusal brings.
#[utoipa::path(post, path = "/api/v2/auth/refresh", tag = "identity", request_body = RefreshBody, responses(
    (status = 200, description = "The session goes on.", body = SessionBody),
    (status = 401, description = "`refresh_token_invalid`: unknown or expired, or `because` its session ended. \
     `signature_required`, `nonce_invalid`, `signature_invalid`: sign the `nonce` that comes with it.",
     body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`csrf_invalid`, `origin_refused`: by cookie only.", body = Content,
     content_type = "application/problem+json"),
    (status = 421, description = "`account_elsewhere`: the account has not moved here, or has moved back.", body = Content,
     content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`: neither a token nor a cookie; `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn refresh(app: web::Data<App>, request: HttpRequest, body: RawBody) -> Result<HttpResponse, Problem> {
    let asked =
        if body.bytes.is_empty() { RefreshBody::default() } else { decode::<RefreshBody>(body.format, &body.bytes)? };
    let RefreshBody { refresh_token, nonce, signature } = asked;
    let (token, csrf) = browser::goes_on(&app, &request, refresh_token).await?;
    rollout::by_own_refresh_token(&app, token.reveal()).await?;
    let proof = nonce.zip(signature).map(|(nonce, signature)| RefreshProof { nonce, signature });
    let refreshed = identity::refresh(app.get_ref(), identity::Refresh { token, proof }, fresh(&request)).await;
    count_refused(&refreshed);
    outcome::answer(&request, "refresh", StatusCode::OK, refreshed, csrf.as_ref())
}

/// Counts a refresh that is refused, by why.
pub(crate) fn count_refused(refreshed: &Result<SignedIn, Failure>) {
    let Err(Failure::Refused(refusal)) = refreshed else { return };
    let (code, because) = match refusal {
        Refusal::Unsigned(unsigned, _) => (unsigned.code(), ""),
        Refusal::SessionEnded(because) => ("refresh_token_invalid", because.as_str()),
        _ => ("refresh_token_invalid", ""),
    };
    counter!(REFRESHES_REFUSED_TOTAL, "code" => code, "because" => because).increment(1);
}
