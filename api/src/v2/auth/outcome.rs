//! How a sign-in ended: counted, and turned into an answer.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use application::identity::{CsrfSecret, Failure, SignedIn};
use infrastructure::metric_names::SIGN_INS_TOTAL;
use metrics::counter;

use super::{SessionBody, VerificationBody};
use crate::body::reply;
use crate::caller::cookies;
use crate::problem::Problem;

/// Counts a registration that goes on in the mail, and answers it.
pub(super) fn awaiting_proof(request: &HttpRequest) -> HttpResponse {
    counter!(SIGN_INS_TOTAL, "kind" => "register", "outcome" => "done").increment(1);
    reply(request, StatusCode::ACCEPTED, &VerificationBody { verification: "sent" })
}

/// Counts a sign-in of this kind.
pub(crate) fn counted(kind: &'static str, signed_in: Result<SignedIn, Failure>) -> Result<SignedIn, Failure> {
    let outcome = match &signed_in {
        Ok(_) => "done",
        Err(Failure::Refused(_)) => "refused",
        Err(Failure::Busy { .. } | Failure::Fault(_)) => "failed",
    };
    counter!(SIGN_INS_TOTAL, "kind" => kind, "outcome" => outcome).increment(1);
    signed_in
}

/// Counts a sign-in of this kind and answers it: the tokens in the body, or in cookies where there is a secret for them.
pub(super) fn answer(
    request: &HttpRequest,
    kind: &'static str,
    status: StatusCode,
    signed_in: Result<SignedIn, Failure>,
    csrf: Option<&CsrfSecret>,
) -> Result<HttpResponse, Problem> {
    let signed_in = counted(kind, signed_in)?;
    let Some(csrf) = csrf else { return Ok(reply(request, status, &SessionBody::from(&signed_in))) };
    let mut response = reply(request, status, &SessionBody::by_cookies(&signed_in, csrf));
    cookies::set(request, &mut response, &signed_in, csrf)?;
    Ok(response)
}
