//! Signing in: who someone is, from which device, in which session.

pub mod login;
pub mod me;
mod outcome;
pub mod refresh;
mod refusal;
pub mod register;
mod wire;

use application::identity::Fresh;
use domain::id::{AccountId, DeviceId, SessionId};
use infrastructure::clock;

pub use wire::{AccountBody, DeviceBody, PlatformBody, SessionBody};

/// A moment and unused ids for one use case.
fn fresh() -> Fresh {
    Fresh {
        now_ms: clock::now_ms(),
        account: AccountId(clock::uuid_v7()),
        device: DeviceId(clock::uuid_v7()),
        session: SessionId(clock::uuid_v7()),
        refresh_bytes: clock::random_bytes(),
    }
}
