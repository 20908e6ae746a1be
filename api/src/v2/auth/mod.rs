//! Signing in: who someone is, from which device, in which session.

mod delay;
pub mod login;
pub mod me;
mod outcome;
pub mod refresh;
mod refusal;
pub mod register;
mod wire;

use actix_web::HttpRequest;
use application::identity::Fresh;
use domain::id::{AccountId, DeviceId, SessionId};
use infrastructure::clock;

use crate::place::place;

pub use wire::{AccountBody, DeviceBody, PlatformBody, SessionBody};

/// A moment, a place and unused ids for one use case.
fn fresh(request: &HttpRequest) -> Fresh {
    Fresh {
        now_ms: clock::now_ms(),
        place: place(request),
        account: AccountId(clock::uuid_v7()),
        device: DeviceId(clock::uuid_v7()),
        session: SessionId(clock::uuid_v7()),
        refresh_bytes: clock::random_bytes(),
    }
}
