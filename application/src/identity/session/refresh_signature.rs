//! What a device with a key has to show besides its refresh token: a signature over a nonce of the server. So a copied
//! token is of no use without the device, whose Secure Enclave or WebCrypto never lets the key out.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::id::SessionId;
use sha2::{Digest, Sha256};

use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::limits::{NONCE_LIFETIME_MS, SIGNATURE_CHARS_MAX};
use crate::identity::ports::Ports;
use crate::identity::security_log::SecurityLog;
use crate::identity::session::key_signature::KeySignature;
use crate::identity::session::nonce::Nonce;
use crate::identity::session::refresh_token::RefreshToken;
use crate::identity::session::refresh_tokens::{Holder, IssuedNonce, RefreshTokens};

/// What the first line of a signed message says: what is signed, and by which rules.
const PURPOSE: &str = "levelup-refresh-v1";

/// What a device shows besides its refresh token; both still to be checked.
pub struct RefreshProof {
    /// The nonce that it was given.
    pub nonce: String,
    /// The signature, base64url.
    pub signature: String,
}

/// What is wrong with a signature that is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// There is none.
    #[error("This device has a key: sign the nonce and send it again with `nonce` and `signature`.")]
    Missing,
    /// The nonce was used, is too old, or was given to another session.
    #[error("The nonce was used already, is too old or belongs to another session; sign this one.")]
    Nonce,
    /// It was not made over this message by the key of the device.
    #[error("The signature was not made over this message with the key of the device; sign this nonce.")]
    Signature,
}

impl Unsigned {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "signature_required",
            Self::Nonce => "nonce_invalid",
            Self::Signature => "signature_invalid",
        }
    }
}

/// Refuses a refresh that is not signed as the holder's device demands, with a nonce to sign. A device without a key
/// demands nothing. The refresh token stays as it is.
pub(in crate::identity) async fn demand<P: Ports>(
    ports: &P,
    holder: &Holder,
    token: &RefreshToken,
    proof: Option<&RefreshProof>,
    fresh: &Fresh,
) -> Result<(), Failure> {
    let Some(key) = &holder.device_key else { return Ok(()) };
    let Some(unsigned) = wrong_with(ports, holder, key, token, proof, fresh.now_ms).await? else { return Ok(()) };
    // Asking without a signature is how a device gets its nonce; nothing to tell anybody about.
    if unsigned != Unsigned::Missing {
        let entry = holder.asker().occasion(fresh).refresh_unsigned(holder.device, unsigned);
        ports.directory().record(entry).await?;
    }
    let nonce = Nonce::new(fresh.nonce_bytes);
    let issued = IssuedNonce {
        digest: nonce.digest(),
        account: holder.account.id,
        session: holder.session,
        expires_at: fresh.now_ms + NONCE_LIFETIME_MS,
    };
    ports.directory().issue_nonce(issued).await?;
    Err(Refusal::Unsigned(unsigned, nonce).into())
}

/// A nonce is used up by being shown, whatever was signed.
async fn wrong_with<P: Ports>(
    ports: &P,
    holder: &Holder,
    key: &[u8],
    token: &RefreshToken,
    proof: Option<&RefreshProof>,
    now_ms: i64,
) -> Result<Option<Unsigned>, Failure> {
    let Some(proof) = proof else { return Ok(Some(Unsigned::Missing)) };
    let Some(nonce) = Nonce::parse(&proof.nonce) else { return Ok(Some(Unsigned::Nonce)) };
    if !ports.directory().take_nonce(holder.account.id, holder.session, nonce.digest(), now_ms).await? {
        return Ok(Some(Unsigned::Nonce));
    }
    let message = message(&nonce, holder.session, token);
    let signed =
        read(&proof.signature).is_some_and(|signature| ports.key_signature().is_signed(key, &message, &signature));
    Ok((!signed).then_some(Unsigned::Signature))
}

/// What is signed: purpose, nonce, session and the refresh token's SHA-256 over its text, a line each.
fn message(nonce: &Nonce, session: SessionId, token: &RefreshToken) -> Vec<u8> {
    let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(token.text().reveal()));
    format!("{PURPOSE}\n{}\n{session}\n{digest}", nonce.text()).into_bytes()
}

fn read(signature: &str) -> Option<Vec<u8>> {
    if signature.len() > SIGNATURE_CHARS_MAX {
        return None;
    }
    BASE64_URL_SAFE_NO_PAD.decode(signature).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_message_is_four_lines() {
        let text = "A".repeat(43);
        let (nonce, token) = (Nonce::parse(&text).unwrap(), RefreshToken::parse(&text).unwrap());
        let session = SessionId("0197f2c1-0000-7000-8000-00000000abcd".parse().unwrap());
        let message = String::from_utf8(message(&nonce, session, &token)).unwrap();
        let expected = format!(
            "levelup-refresh-v1\n{text}\n0197f2c1-0000-7000-8000-00000000abcd\nDwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"
        );
        assert_eq!(message, expected);
    }
}
