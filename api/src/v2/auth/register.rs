//! `POST /api/v2/auth/register`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{self, CsrfSecret, Entered, Ports, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use super::even::evenly_if;
use super::{DeviceBody, SessionBody, VerificationBody, fresh, outcome};
use crate::body::Body;
use crate::caller::browser;
use crate::problem::{Content, Problem};
use crate::rollout;
use crate::state::App;

/// What a registration asks for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterBody {
    /// Compared without case.
    #[schema(example = "ada@example.org")]
    email: String,
    /// At least 8 characters, at most 1024 bytes.
    #[schema(format = Password)]
    password: String,
    /// An IANA time zone; the server's default when absent.
    #[schema(example = "Europe/Zurich")]
    time_zone: Option<String>,
    /// The device; a new one when absent.
    device: Option<DeviceBody>,
    /// Whether the tokens go into cookies instead of the answer, as a browser should keep them.
    #[serde(default)]
    cookies: bool,
}

/// Makes an account with its own space and signs it in. Where addresses must be proven, it signs nobody in: a mail says
/// how to go on, and the answer is the same for an address that has an account.
#[utoipa::path(post, path = "/api/v2/auth/register", tag = "identity", request_body = RegisterBody, responses(
    (status = 201, description = "Signed in.", body = SessionBody),
    (status = 202, description = "Addresses must be proven here: a mail says how to go on.", body = VerificationBody),
    (status = 403, description = "`origin_refused`: cookies are asked for by a page of another origin.",
     body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`email_taken`", body = Content, content_type = "application/problem+json"),
    (status = 421, description = "`account_elsewhere`: until all accounts have moved here, new people register elsewhere.",
     body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`fields_invalid`, `body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn register(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<RegisterBody>,
) -> Result<HttpResponse, Problem> {
    let RegisterBody { email, password, time_zone, device, cookies } = body.0;
    let csrf = browser::begins(&app, &request, cookies)?;
    rollout::by_address(&app, &email).await?;
    let password = Secret::new(password);
    let asked = identity::Register {
        email,
        password,
        time_zone,
        device: device.map(Into::into),
        client: None,
        names: identity::NamesAsked::default(),
        csrf: csrf.as_ref().map(CsrfSecret::digest),
    };
    let entering = identity::enter(app.get_ref(), asked, fresh(&request));
    let signed_in = match evenly_if(app.policy().email_must_be_verified, entering).await {
        Ok(Entered::ProofAwaited) => return Ok(outcome::awaiting_proof(&request)),
        Ok(Entered::SignedIn(signed_in)) => Ok(*signed_in),
        Err(failure) => Err(failure),
    };
    outcome::answer(&request, "register", StatusCode::CREATED, signed_in, csrf.as_ref())
}
