//! Refresh tokens: 32 bytes that the client keeps, of which the server stores the SHA-256 only.
//!
//! The first of a session is random. Each next one is derived from the one before it and a random salt that is stored
//! when the one before is used: so the same token can be answered with the same successor, although neither is stored.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::identity::fresh::Fresh;
use crate::identity::limits::REFRESH_TOKEN_LIFETIME_MS;
use crate::identity::secret::Secret;

/// Characters of the form that travels: 32 bytes in base64url without padding.
const TEXT_CHARS: usize = 43;

/// What is stored of a refresh token: its SHA-256. The token cannot be had from it, and 256 random bits need no salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshDigest(pub [u8; 32]);

/// What a successor is made with: random, stored beside the digest of the token that was used. Without that token it is
/// worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuccessorSalt(pub [u8; 32]);

/// A refresh token as its holder has it.
pub struct RefreshToken {
    bytes: [u8; 32],
}

impl RefreshToken {
    /// The token that a client sent; `None` when it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != TEXT_CHARS {
            return None;
        }
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

    /// The token that takes its place: HMAC-SHA256 (RFC 2104) of the salt under this token as the key.
    pub fn successor(&self, salt: &SuccessorSalt) -> Self {
        // A MAC takes a key of any length; `new` wants exactly the length of a block, which ours is padded to.
        let mut block = [0_u8; 64];
        block[..self.bytes.len()].copy_from_slice(&self.bytes);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(&salt.0);
        Self { bytes: mac.finalize().into_bytes().into() }
    }
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefreshToken(…)")
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

impl IssuedRefresh {
    /// What is stored of a token that was handed out at a moment.
    pub(in crate::identity) fn of(token: &RefreshToken, at_ms: i64) -> Self {
        Self { digest: token.digest(), expires_at: at_ms + REFRESH_TOKEN_LIFETIME_MS }
    }
}

/// The first token of a session, and what is stored of it.
pub(in crate::identity) fn issue(fresh: &Fresh) -> (RefreshToken, IssuedRefresh) {
    let token = RefreshToken { bytes: fresh.refresh_bytes };
    let issued = IssuedRefresh::of(&token, fresh.now_ms);
    (token, issued)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_successor_is_the_hmac_of_the_salt_under_the_token() {
        let token = RefreshToken { bytes: [0x0b; 32] };
        let successor = token.successor(&SuccessorSalt([0x61; 32]));
        // By another implementation: HMAC-SHA256 of 32 times `a` under 32 bytes 0x0b.
        let hex: String = successor.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "8ad0719ef348b8b3d9d647cf3b39d33c0656892293a9f3fc0e9e3ec6eadfefb6");
    }

    #[test]
    fn the_same_token_and_salt_have_one_successor_and_others_another() {
        let of = |token: u8, salt: u8| RefreshToken { bytes: [token; 32] }.successor(&SuccessorSalt([salt; 32])).bytes;
        assert_eq!(of(1, 1), of(1, 1));
        assert_ne!(of(1, 1), of(2, 1));
        assert_ne!(of(1, 1), of(1, 2));
    }

    #[test]
    fn only_43_characters_of_base64url_are_a_token() {
        let token = RefreshToken { bytes: [0xff; 32] };
        let text = token.text().reveal().to_owned();
        assert_eq!(RefreshToken::parse(&text).unwrap().digest(), token.digest());
        let (padded, longer) = (format!("{text}="), format!("{text}A"));
        // The last character holds four bits only: another with the same ones is not the same token.
        let loose = format!("{}_", &text[..42]);
        for bad in ["", "x", &padded, &longer, &loose, &text[1..], &"x".repeat(1_000_000), &"é".repeat(22)] {
            assert!(RefreshToken::parse(bad).is_none(), "{}", &bad[..bad.len().min(50)]);
        }
        assert!(!format!("{token:?}").contains("255"));
    }
}
