//! Nonces: 32 random bytes that a device with a key signs before its refresh is granted. Each is good once, for a while,
//! for one session. The server stores the SHA-256 only.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Characters of the form that travels: 32 bytes in base64url without padding.
const TEXT_CHARS: usize = 43;

/// What is stored of a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NonceDigest(pub [u8; 32]);

/// A nonce as the device has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce {
    bytes: [u8; 32],
}

impl Nonce {
    /// A nonce of bytes that nobody could guess.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self { bytes }
    }

    /// The nonce that a client sent; `None` when it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != TEXT_CHARS {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self { bytes: bytes.try_into().ok()? })
    }

    /// What the directory knows it by.
    pub fn digest(&self) -> NonceDigest {
        NonceDigest(Sha256::digest(self.bytes).into())
    }

    /// The form that travels: 43 characters of base64url.
    pub fn text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.bytes)
    }
}
