//! Refusals and faults of identity become problems.

use application::identity::{Failure, FieldRefusal, Refusal};

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
            Refusal::CsrfInvalid => Code::CsrfInvalid,
            Refusal::AccountGone => Code::TokenInvalid,
        };
        Self::new(code).detail(detail)
    }
}

fn field(refused: FieldRefusal) -> FieldProblem {
    let problem = FieldProblem::new(refused.pointer(), refused.code(), refused.to_string());
    match refused.limit() {
        Some((name, value)) => problem.limit(name, value),
        None => problem,
    }
}
