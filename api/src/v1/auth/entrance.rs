//! What the ways in have in common, for the web client's routes and for the app's: the same use cases, delays and counts as
//! those of v2.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use application::identity::{
    self, DeviceClaim, Entered, Failure, Fresh, Login, NamesAsked, PersonNames, Ports, Refresh, Refusal, Register,
    Secret, SignedIn,
};
use serde_json::{Map, Value};

use super::old_clients::OldClients;
use super::wire::text;
use crate::place::Client;
use crate::problem::{Code, Problem};
use crate::rollout;
use crate::state::App;
use crate::v1::idempotency::key;
use crate::v2::auth::even::evenly_if;
use crate::v2::auth::refresh::count_refused;
use crate::v2::auth::{delay, fresh, outcome};

/// Makes an account and signs it in.
///
/// A registration that comes again under an `Idempotency-Key`, with the password of the account, is answered as a sign-in:
/// the first answer may have been lost on its way.
pub(super) async fn register(
    app: &App,
    request: &HttpRequest,
    body: &Map<String, Value>,
    names: NamesAsked,
) -> Result<SignedIn, Problem> {
    let key = key(request)?;
    let (email, password) = (address(body), text(body, "password"));
    rollout::by_address(app, &email).await?;
    let (fresh, client) = (fresh(request), client(request));
    let asked = Register {
        email: email.clone(),
        password: Secret::new(password.clone()),
        time_zone: None,
        device: Some(claim(&client, &fresh)),
        client: Some(known_as(&client)),
        names,
        csrf: None,
    };
    let ports = OldClients::of(app);
    let entering = identity::enter(&ports, asked, fresh);
    let entered = match evenly_if(ports.policy().email_must_be_verified, entering).await {
        Ok(Entered::ProofAwaited) => Err(Failure::Refused(Refusal::EmailUnverified)),
        Ok(Entered::SignedIn(signed_in)) => Ok(*signed_in),
        Err(Failure::Refused(Refusal::EmailTaken)) if key.is_some() => {
            let again = login(app, request, &email, &password).await;
            // Whoever does not know the password learns what everybody does.
            return again.map_err(|problem| match problem.code() {
                code if code == Code::CredentialsInvalid.as_str() => Refusal::EmailTaken.into(),
                _ => problem,
            });
        }
        Err(failure) => Err(failure),
    };
    Ok(outcome::counted("register", entered)?)
}

/// Opens a session by the password in a body.
pub(super) async fn login_by(app: &App, request: &HttpRequest, body: &Map<String, Value>) -> Result<SignedIn, Problem> {
    key(request)?;
    let (email, password) = (address(body), text(body, "password"));
    rollout::by_address(app, &email).await?;
    login(app, request, &email, &password).await
}

async fn login(app: &App, request: &HttpRequest, email: &str, password: &str) -> Result<SignedIn, Problem> {
    // No device is named: what one is called here anybody could work out, and it must be worth nothing to who guesses.
    let attempt = delay::begin(app, request, email, None).await?;
    let (fresh, client) = (fresh(request), client(request));
    let asked = Login {
        email: email.to_owned(),
        password: Secret::new(password),
        device: Some(claim(&client, &fresh)),
        client: Some(known_as(&client)),
        displace: None,
        csrf: None,
    };
    let signed_in = identity::login(&OldClients::of(app), asked, fresh).await;
    delay::settle(app, attempt, &signed_in);
    Ok(outcome::counted("login", signed_in)?)
}

/// Gives the refresh token of a body in for the next one. Old clients tell by the status what is wrong: 401 without a token,
/// 403 with a bad one, 404 when nobody is there any more.
pub(super) async fn refresh(app: &App, request: &HttpRequest, body: &Map<String, Value>) -> Result<SignedIn, Problem> {
    key(request)?;
    let token = text(body, "refreshToken");
    if token.is_empty() {
        return Err(Problem::new(Code::RefreshTokenInvalid).detail("Send `refreshToken`, or sign in again."));
    }
    rollout::by_refresh_token(app, &token).await?;
    let asked = Refresh { token: Secret::new(token), proof: None };
    let refreshed = identity::refresh(&OldClients::of(app), asked, fresh(request)).await;
    count_refused(&refreshed);
    outcome::counted("refresh", refreshed).map_err(|failure| {
        let status = match &failure {
            Failure::Refused(Refusal::AccountGone | Refusal::AccountUnknown) => Some(StatusCode::NOT_FOUND),
            Failure::Refused(_) => Some(StatusCode::FORBIDDEN),
            Failure::Busy { .. } | Failure::Fault(_) => None,
        };
        let problem = Problem::from(failure);
        match status {
            Some(status) => problem.with_status(status),
            None => problem,
        }
    })
}

/// What a body says that its sender is called.
pub(super) fn names(body: &Map<String, Value>) -> PersonNames {
    PersonNames { first: text(body, "firstName"), last: text(body, "lastName") }
}

/// The address in a body; people and keyboards put spaces around it.
pub(super) fn address(body: &Map<String, Value>) -> String {
    text(body, "email").trim().to_owned()
}

fn client(request: &HttpRequest) -> Client {
    Client::of(request.path(), request.headers())
}

/// By which a client is known again that keeps no id: what it is, without its version.
fn known_as(client: &Client) -> String {
    format!("{} {}", client.platform.as_str(), client.name())
}

/// The device of such a client.
fn claim(client: &Client, fresh: &Fresh) -> DeviceClaim {
    DeviceClaim { device_id: fresh.device, platform: client.platform, device_name: client.name(), push_token: None }
}
