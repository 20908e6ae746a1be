//! How a session goes on and ends: refresh tokens, the signatures of devices with keys, the list of sessions.

pub(super) mod end_sessions;
pub(super) mod ending;
pub(super) mod key_signature;
pub(super) mod list_sessions;
pub(super) mod live_sessions;
pub(super) mod nonce;
pub(super) mod refresh;
pub(super) mod refresh_signature;
pub(super) mod refresh_token;
pub(super) mod refresh_tokens;
pub(super) mod sessions;
