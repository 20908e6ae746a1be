//! The secret that a browser repeats in a header, to show that a page of ours made the request and not another page that
//! the browser merely sent the cookies for. Drawn once for a session, so that all its tabs have the same.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::identity::failure::{Failure, Refusal};
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::session::refresh_token::RefreshToken;
use crate::identity::session::refresh_tokens::RefreshTokens;

/// The secret as the browser has it.
pub struct CsrfSecret {
    bytes: [u8; 32],
}

/// What is stored of it, and signed into the session's access tokens: its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsrfDigest(pub [u8; 32]);

impl CsrfSecret {
    /// A secret of these random bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self { bytes }
    }

    /// The secret that a browser sent; `None` when it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self { bytes: bytes.try_into().ok()? })
    }

    /// What the server knows it by.
    pub fn digest(&self) -> CsrfDigest {
        CsrfDigest(Sha256::digest(self.bytes).into())
    }

    /// The form that travels: 43 characters of base64url.
    pub fn text(&self) -> Secret {
        Secret::new(BASE64_URL_SAFE_NO_PAD.encode(self.bytes))
    }
}

impl CsrfDigest {
    /// Whether this is the digest of `secret`, in constant time.
    pub fn is_of(&self, secret: &CsrfSecret) -> bool {
        self.0.ct_eq(&secret.digest().0).into()
    }
}

/// Lets a refresh token pass that came as a cookie together with the secret of its session. It uses nothing up: another
/// page cannot spend the browser's token by asking. An unknown token passes too; the refresh itself refuses it.
pub async fn check_csrf_of_refresh<P: Ports>(ports: &P, presented: &Secret, said: &CsrfSecret) -> Result<(), Failure> {
    let Some(presented) = RefreshToken::parse(presented.reveal()) else { return Ok(()) };
    let Some((holder, _)) = ports.directory().refresh_token(presented.digest()).await? else { return Ok(()) };
    match holder.csrf {
        Some(digest) if digest.is_of(said) => Ok(()),
        _ => Err(Refusal::CsrfInvalid.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_from_its_text_and_matches_its_own_digest_only() {
        let (mine, other) = (CsrfSecret::new([7; 32]), CsrfSecret::new([8; 32]));
        let read = CsrfSecret::parse(mine.text().reveal()).unwrap();
        assert!(mine.digest().is_of(&read));
        assert!(!other.digest().is_of(&read));
    }

    #[test]
    fn what_is_no_secret_of_ours_is_none() {
        let short = &CsrfSecret::new([7; 32]).text().reveal()[1..].to_owned();
        for bad in ["", "x", "*", short, &"A".repeat(44), &"A".repeat(10_000), "🦀"] {
            assert!(CsrfSecret::parse(bad).is_none(), "{bad}");
        }
    }
}
