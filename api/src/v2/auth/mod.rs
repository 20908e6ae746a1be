//! Signing in: who someone is, from which device, in which session.

pub mod access_log;
pub mod account;
pub(crate) mod delay;
pub mod devices;
pub mod email;
pub(crate) mod even;
pub mod login;
pub mod logout;
pub mod me;
pub(crate) mod outcome;
pub mod password;
pub mod refresh;
mod refusal;
pub mod register;
pub mod sessions;
mod wire;

use actix_web::HttpRequest;
use application::identity::Fresh;
use domain::id::{AccountId, DeviceId, SessionId};
use infrastructure::clock;

use crate::place::place;

pub use wire::{AccountBody, DeviceBody, PlatformBody, SessionBody, VerificationBody};

/// A moment, a place and unused ids for one use case.
pub(crate) fn fresh(request: &HttpRequest) -> Fresh {
    Fresh {
        now_ms: clock::now_ms(),
        place: place(request),
        account: AccountId(clock::uuid_v7()),
        device: DeviceId(clock::uuid_v7()),
        session: SessionId(clock::uuid_v7()),
        refresh_bytes: clock::random_bytes(),
        nonce_bytes: clock::random_bytes(),
    }
}
