//! What a use case of identity needs from clock, chance and connection, taken outside and handed in.

use domain::id::{AccountId, DeviceId, SessionId};

use super::place::Place;

/// A moment, a place and unused ids. What a use case does not need is dropped.
#[derive(Clone)]
pub struct Fresh {
    /// The server's clock, ms since the Unix epoch.
    pub now_ms: i64,
    /// From where the request came.
    pub place: Place,
    /// For a new account.
    pub account: AccountId,
    /// For a device that did not say who it is.
    pub device: DeviceId,
    /// For a new session.
    pub session: SessionId,
    /// For a new refresh token, or for the salt that the next one of a session is made with.
    pub refresh_bytes: [u8; 32],
    /// For a new nonce.
    pub nonce_bytes: [u8; 32],
}
