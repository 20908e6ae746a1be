//! Refusals and faults of identity become problems.

use application::identity::{Failure, FieldRefusal, Refusal, Unsigned};

use crate::problem::{Code, FieldProblem, Problem};

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy { retry_after_ms } => Self::new(Code::Busy).retry_after_ms(retry_after_ms),
            Failure::Fault(fault) => fault.into(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        let code = match refusal {
            Refusal::Fields(fields) => {
                return fields.into_iter().map(field).fold(Self::new(Code::FieldsInvalid), Self::field);
            }
            Refusal::EmailTaken => Code::EmailTaken,
            // The title says it all.
            Refusal::CredentialsInvalid => return Self::new(Code::CredentialsInvalid),
            Refusal::RefreshTokenInvalid => Code::RefreshTokenInvalid,
            Refusal::SessionEnded(because) => {
                return Self::new(Code::RefreshTokenInvalid).detail(detail).with("because", because.as_str());
            }
            Refusal::Unsigned(unsigned, nonce) => {
                return Self::new(unsigned_code(unsigned)).detail(detail).with("nonce", nonce.text());
            }
            Refusal::SessionUnknown => Code::NotFound,
            Refusal::AccountGone => Code::TokenInvalid,
        };
        Self::new(code).detail(detail)
    }
}

fn unsigned_code(unsigned: Unsigned) -> Code {
    match unsigned {
        Unsigned::Missing => Code::SignatureRequired,
        Unsigned::Nonce => Code::NonceInvalid,
        Unsigned::Signature => Code::SignatureInvalid,
    }
}

fn field(refused: FieldRefusal) -> FieldProblem {
    let problem = FieldProblem::new(refused.pointer(), refused.code(), refused.to_string());
    match refused.limit() {
        Some((name, value)) => problem.limit(name, value),
        None => problem,
    }
}
