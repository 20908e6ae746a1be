//! What a sign-in draws from clock and chance, drawn outside and handed in.

use domain::id::{AccountId, DeviceId, SessionId};

/// A moment and unused ids. What a use case does not need is dropped.
#[derive(Clone)]
pub struct Fresh {
    /// The server's clock, ms since the Unix epoch.
    pub now_ms: i64,
    /// For a new account.
    pub account: AccountId,
    /// For a device that did not say who it is.
    pub device: DeviceId,
    /// For a new session.
    pub session: SessionId,
    /// For a new refresh token.
    pub refresh_bytes: [u8; 32],
}
