//! How a sign-in ended: counted, and turned into an answer.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use application::identity::{Failure, SignedIn};
use infrastructure::metric_names::SIGN_INS_TOTAL;
use metrics::counter;

use super::{SessionBody, VerificationBody};
use crate::body::reply;
use crate::problem::Problem;

/// Counts a registration that goes on in the mail, and answers it.
pub(super) fn awaiting_proof(request: &HttpRequest) -> HttpResponse {
    counter!(SIGN_INS_TOTAL, "kind" => "register", "outcome" => "done").increment(1);
    reply(request, StatusCode::ACCEPTED, &VerificationBody { verification: "sent" })
}

/// Counts a sign-in of this kind and answers it.
pub(super) fn answer(
    request: &HttpRequest,
    kind: &'static str,
    status: StatusCode,
    signed_in: Result<SignedIn, Failure>,
) -> Result<HttpResponse, Problem> {
    let outcome = match &signed_in {
        Ok(_) => "done",
        Err(Failure::Refused(_)) => "refused",
        Err(Failure::Busy { .. } | Failure::Fault(_)) => "failed",
    };
    counter!(SIGN_INS_TOTAL, "kind" => kind, "outcome" => outcome).increment(1);
    Ok(reply(request, status, &SessionBody::from(signed_in?)))
}
