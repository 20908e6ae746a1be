//! Refusals and faults of identity become problems.

use application::identity::limits::DEVICES_MAX;
use application::identity::{Failure, FieldRefusal, KnownDevice, Refusal, Unsigned};
use serde_json::{Value, json};

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
                return fields
                    .into_iter()
                    .map(|refused| field(refused, refused.pointer()))
                    .fold(Self::new(Code::FieldsInvalid), Self::field);
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
            Refusal::ResetTokenInvalid => Code::ResetTokenInvalid,
            Refusal::VerificationTokenInvalid => Code::VerificationTokenInvalid,
            // Those who may not look are told the same, whatever they looked for.
            Refusal::RoleMissing => return Self::new(Code::RoleMissing),
            Refusal::AccountLocked => Code::AccountLocked,
            Refusal::EmailUnverified => Code::EmailUnverified,
            Refusal::AccountUnknown => Code::NotFound,
            Refusal::LastAdmin => Code::LastAdmin,
            Refusal::CsrfInvalid => Code::CsrfInvalid,
            Refusal::AccountGone => Code::TokenInvalid,
            Refusal::DeviceUnknown => Code::NotFound,
            Refusal::TooManyDevices(devices) => return too_many(&devices).detail(detail),
            Refusal::KeyOfAnotherDevice => Code::DeviceKeyForeign,
            Refusal::PasswordRequired => Code::PasswordRequired,
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

/// The devices of somebody who has proven to be their owner, for the choice which of them goes.
fn too_many(devices: &[KnownDevice]) -> Problem {
    let devices: Vec<Value> = devices.iter().map(listed).collect();
    Problem::new(Code::TooManyDevices).with("devices_max", DEVICES_MAX).with("devices", devices)
}

fn listed(device: &KnownDevice) -> Value {
    let KnownDevice { id, name, platform, last_seen_at } = device;
    json!({ "device_id": id, "device_name": name, "platform": platform.as_str(), "last_seen_at": last_seen_at })
}

/// What is wrong with a field that stands at this place.
pub(super) fn field(refused: FieldRefusal, pointer: impl Into<String>) -> FieldProblem {
    let problem = FieldProblem::new(pointer, refused.code(), refused.to_string());
    match refused.limit() {
        Some((name, value)) => problem.limit(name, value),
        None => problem,
    }
}
