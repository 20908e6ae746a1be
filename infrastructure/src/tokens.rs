//! Access tokens: JWTs (RFC 7519) signed with Ed25519 (RFC 8037) by a key of this server's data directory.
//!
//! Verifying a signature takes tens of microseconds, and one token comes with every request of its quarter of an hour:
//! what was verified once is remembered by the SHA-256 of the whole token.

mod csrf_claim;
mod signing_key;

use std::collections::HashSet;
use std::path::Path;

use application::fault::Fault;
use application::identity::{AccessClaims, CsrfDigest, Secret, TokenIssuer};
use domain::id::{AccountId, DeviceId, SessionId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use signing_key::KeyError;

use crate::clock;

/// Who signs, and for whom.
const ISSUER: &str = "levelup";
const AUDIENCE: &str = "levelup-api";
/// Bytes of a token at most; ours have about 400.
const TOKEN_BYTES_MAX: usize = 2_048;
/// Verified tokens that are remembered.
const VERIFIED_TOKENS_MAX: u64 = 100_000;

/// Signs and verifies access tokens.
pub struct Tokens {
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    verified: Cache<[u8; 32], AccessClaims>,
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRejection {
    /// Signed by this server and past its time.
    #[error("the access token has expired")]
    Expired,
    /// Anything else: not a token, another algorithm, key, issuer or audience, a changed byte.
    #[error("the access token is not valid here")]
    Invalid,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    sub: AccountId,
    dev: DeviceId,
    sid: SessionId,
    iat: i64,
    exp: i64,
    iss: String,
    aud: String,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "csrf_claim")]
    csrf: Option<CsrfDigest>,
}

impl Tokens {
    /// Reads the signing key under `data_dir`, or makes it when there is none.
    pub fn open(data_dir: &Path) -> Result<Self, KeyError> {
        let key = signing_key::open(data_dir)?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key.id);
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.required_spec_claims = HashSet::from(["exp", "iss", "aud", "sub"].map(String::from));
        // Expiry is checked here, by the one clock.
        validation.validate_exp = false;
        Ok(Self {
            header,
            encoding: EncodingKey::from_ed_der(&key.pkcs8_der),
            decoding: DecodingKey::from_ed_der(&key.public),
            validation,
            verified: Cache::new(VERIFIED_TOKENS_MAX),
        })
    }

    /// What the token says, if this server signed it and it has not expired.
    pub fn verify(&self, token: &str) -> Result<AccessClaims, TokenRejection> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenRejection::Invalid);
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        let claims = match self.verified.get(&digest) {
            Some(claims) => claims,
            None => {
                let claims = self.verify_signature(token)?;
                self.verified.insert(digest, claims);
                claims
            }
        };
        if clock::now_ms() >= claims.expires_at_s.saturating_mul(1_000) {
            self.verified.invalidate(&digest);
            return Err(TokenRejection::Expired);
        }
        Ok(claims)
    }

    fn verify_signature(&self, token: &str) -> Result<AccessClaims, TokenRejection> {
        let decoded = jsonwebtoken::decode::<Payload>(token, &self.decoding, &self.validation);
        let decoded = decoded.map_err(|_| TokenRejection::Invalid)?;
        if decoded.header.kid != self.header.kid {
            return Err(TokenRejection::Invalid);
        }
        let Payload { sub, dev, sid, iat, exp, csrf, .. } = decoded.claims;
        Ok(AccessClaims { account: sub, device: dev, session: sid, issued_at_s: iat, expires_at_s: exp, csrf })
    }
}

impl TokenIssuer for Tokens {
    fn issue(&self, claims: &AccessClaims) -> Result<Secret, Fault> {
        let payload = Payload {
            sub: claims.account,
            dev: claims.device,
            sid: claims.session,
            iat: claims.issued_at_s,
            exp: claims.expires_at_s,
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            csrf: claims.csrf,
        };
        let token = jsonwebtoken::encode(&self.header, &payload, &self.encoding);
        token.map(Secret::new).map_err(|error| Fault::Refused(format!("signing an access token: {error}")))
    }
}

#[cfg(test)]
mod tests;
