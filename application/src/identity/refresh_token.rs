//! Refresh tokens: 32 random bytes that the client keeps, of which the server stores the SHA-256 only.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::fresh::Fresh;
use super::limits::REFRESH_TOKEN_LIFETIME_MS;
use super::secret::Secret;

/// What is stored of a refresh token: its SHA-256. The token cannot be had from it, and 256 random bits need no salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshDigest(pub [u8; 32]);

/// A refresh token as its holder has it.
#[derive(Debug)]
pub struct RefreshToken {
    bytes: [u8; 32],
}

impl RefreshToken {
    /// The token that a client sent; `None` when it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self { bytes: bytes.try_into().ok()? })
    }

    /// What the directory knows it by.
    pub fn digest(&self) -> RefreshDigest {
        RefreshDigest(Sha256::digest(self.bytes).into())
    }

    /// The form that travels: 43 characters of base64url.
    pub fn text(&self) -> Secret {
        Secret::new(BASE64_URL_SAFE_NO_PAD.encode(self.bytes))
    }
}

/// A refresh token to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuedRefresh {
    /// What is kept of it.
    pub digest: RefreshDigest,
    /// The last moment at which it can be used, ms.
    pub expires_at: i64,
}

/// A new token, and what is stored of it.
pub(super) fn issue(fresh: &Fresh) -> (RefreshToken, IssuedRefresh) {
    let token = RefreshToken { bytes: fresh.refresh_bytes };
    let issued = IssuedRefresh { digest: token.digest(), expires_at: fresh.now_ms + REFRESH_TOKEN_LIFETIME_MS };
    (token, issued)
}
