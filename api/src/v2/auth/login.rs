//! `POST /api/v2/auth/login`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, CsrfSecret, Secret};
use domain::id::DeviceId;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{DeviceBody, SessionBody, delay, fresh, outcome};
use crate::body::Body;
use crate::caller::browser;
use crate::problem::{Content, Problem};
use crate::rollout;
use crate::state::App;

/// What a login asks for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginBody {
    /// Compared without case.
    #[schema(example = "ada@example.org")]
    email: String,
    /// As it was chosen.
    #[schema(format = Password)]
    password: String,
    /// The device; a new one when absent.
    device: Option<DeviceBody>,
    /// After `too_many_devices`: the device of the account that goes in favour of the new one. Without effect while there
    /// is room.
    displace: Option<Uuid>,
    /// Whether the tokens go into cookies instead of the answer, as a browser should keep them.
    #[serde(default)]
    cookies: bool,
}

/// Opens a session on the device that is named, or on a new one.
#[utoipa::path(post, path = "/api/v2/auth/login", tag = "identity", request_body = LoginBody, responses(
    (status = 200, description = "Signed in.", body = SessionBody),
    (status = 401, description = "`credentials_invalid`: address or password; which of them is not said.",
     body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`account_locked`, `email_unverified`: the password was right. `origin_refused`: cookies are \
     asked for by a page of another origin.", body = Content,
     content_type = "application/problem+json"),
    (status = 409, description = "`too_many_devices`: the device is new, and `devices` lists those that are there. Name one \
     of them as `displace`.", body = Content, content_type = "application/problem+json"),
    (status = 421, description = "`account_elsewhere`: while accounts move here, one that has not moved yet, or an unknown one.",
     body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`fields_invalid`, `body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json"),
    (status = 429, description = "`sign_in_delayed`, `rate_limited`", body = Content, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, `unavailable`", body = Content, content_type = "application/problem+json")
))]
pub async fn login(app: web::Data<App>, request: HttpRequest, body: Body<LoginBody>) -> Result<HttpResponse, Problem> {
    let LoginBody { email, password, device, displace, cookies } = body.0;
    let csrf = browser::begins(&app, &request, cookies)?;
    rollout::by_address(&app, &email).await?;
    let claimed = device.as_ref().map(|device| DeviceId(device.device_id));
    let attempt = delay::begin(&app, &request, &email, claimed).await?;
    let asked = identity::Login {
        email,
        password: Secret::new(password),
        device: device.map(Into::into),
        client: None,
        displace: displace.map(DeviceId),
        csrf: csrf.as_ref().map(CsrfSecret::digest),
    };
    let signed_in = identity::login(app.get_ref(), asked, fresh(&request)).await;
    delay::settle(&app, attempt, &signed_in);
    outcome::answer(&request, "login", StatusCode::OK, signed_in, csrf.as_ref())
}
