//! A key pair for Ed25519 (RFC 8032) and its name.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use sha2::{Digest, Sha256};

use crate::clock;

/// The kind of token that these keys sign (RFC 9068, section 2.1).
pub(super) const ACCESS_TOKEN_TYPE: &str = "at+jwt";
/// Bytes of the SHA-256 of a public key that name the key.
const ID_BYTES: usize = 12;

/// A key pair in the forms that signing and publishing need. Not `Debug`: it holds the private half.
pub(super) struct KeyPair {
    /// Names the key in a token's header: the start of the SHA-256 of the public half.
    pub(super) id: String,
    /// The public half, raw.
    pub(super) public: [u8; 32],
    /// The header of every token that it signs.
    pub(super) header: Header,
    /// The private half.
    pub(super) encoding: EncodingKey,
}

impl KeyPair {
    /// The pair in a PKCS#8 document, if there is one.
    pub(super) fn read(pkcs8_der: &[u8]) -> Option<Self> {
        let public = SigningKey::from_pkcs8_der(pkcs8_der).ok()?.verifying_key().to_bytes();
        let id = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(public)[..ID_BYTES]);
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(ACCESS_TOKEN_TYPE.to_owned());
        header.kid = Some(id.clone());
        Some(Self { id, public, header, encoding: EncodingKey::from_ed_der(pkcs8_der) })
    }
}

/// A new private key as a PKCS#8 document.
pub(super) fn generate() -> Option<Vec<u8>> {
    let key = SigningKey::from_bytes(&clock::random_bytes::<32>());
    Some(key.to_pkcs8_der().ok()?.as_bytes().to_vec())
}

/// Whether a name could be one of a key; what is none is not looked for.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == ID_BYTES * 4 / 3 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
