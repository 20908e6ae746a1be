//! The delay after failed sign-ins, around whatever checks a password.

use actix_web::HttpRequest;
use application::identity::{Failure, Refusal};
use domain::id::DeviceId;
use infrastructure::metric_names::SIGN_INS_TOTAL;
use infrastructure::sign_in_delays::{Attempt, Became, NotNow, Trying};
use metrics::counter;

use crate::caller::Caller;
use crate::place::client_address;
use crate::problem::{Code, Problem};
use crate::state::App;

/// Begins an attempt to prove this e-mail address's password; before the password is looked at.
///
/// # Errors
/// `sign_in_delayed`, or the database is away.
pub(crate) async fn begin(
    app: &App,
    request: &HttpRequest,
    email: &str,
    device: Option<DeviceId>,
) -> Result<Attempt, Problem> {
    let trying = Trying { email, device, address: client_address(request) };
    app.sign_in_delays.begin(&app.directory, trying).await.map_err(|not_now| match not_now {
        NotNow::Fault(fault) => fault.into(),
        NotNow::Delayed { wait_ms } => {
            counter!(SIGN_INS_TOTAL, "kind" => "login", "outcome" => "delayed").increment(1);
            Problem::new(Code::SignInDelayed)
                .detail("Wait as long as the answer says, then try again. A password can be reset by mail meanwhile.")
                .retry_after_ms(wait_ms)
        }
    })
}

/// Does something of somebody signed in that proves their password as well: a stolen token must not help to guess it.
///
/// # Errors
/// `sign_in_delayed`, or the database is away; else what became of `work`.
pub(crate) async fn around<T>(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<Result<T, Failure>, Problem> {
    let attempt = begin(app, request, &caller.account.to_string(), None).await?;
    let outcome = work.await;
    settle(app, attempt, &outcome);
    Ok(outcome)
}

/// Ends an attempt by what became of it.
pub(crate) fn settle<T>(app: &App, attempt: Attempt, outcome: &Result<T, Failure>) {
    let became = match outcome {
        Ok(_) => Became::SignedIn,
        Err(Failure::Refused(Refusal::CredentialsInvalid)) => Became::Failed,
        Err(_) => Became::Undecided,
    };
    app.sign_in_delays.settle(attempt, became);
}
