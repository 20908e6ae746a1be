//! Access tokens: JWTs (RFC 7519, RFC 9068) signed with Ed25519 (RFC 8037) by a key of this server's data directory, and
//! verified by the public halves that all nodes publish in the database.
//!
//! Verifying a signature takes tens of microseconds, and one token comes with every request of its quarter of an hour:
//! what was verified once is remembered by the SHA-256 of the whole token, together with the key, whose end is seen at
//! once by whoever holds on to it.

mod csrf_claim;
mod follow;
mod key_files;
mod key_pair;
mod key_ring;
mod look;
mod rotation;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use application::fault::Fault;
use application::identity::{AccessClaims, CsrfDigest, Secret, TokenIssuer};
use domain::id::{AccountId, DeviceId, SessionId};
use jsonwebtoken::{Algorithm, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

pub use key_files::KeyError;
pub use key_ring::PublicKey;
pub use look::LookError;
pub use rotation::{KeyStanding, KeyState, Revoked, RotationError, list, revoke, rotate};

use self::key_pair::{ACCESS_TOKEN_TYPE, is_id};
use self::key_ring::{KeyRing, VerifyingKey};
use self::look::Looking;
use crate::clock;

/// Who signs, and for whom.
const ISSUER: &str = "levelup";
const AUDIENCE: &str = "levelup-api";
/// Bytes of a token at most; ours have about 400.
const TOKEN_BYTES_MAX: usize = 2_048;
/// Verified tokens that are remembered.
const VERIFIED_TOKENS_MAX: usize = 100_000;

/// Signs and verifies access tokens. Clones share the keys.
#[derive(Clone)]
pub struct Tokens {
    shared: Arc<Shared>,
}

struct Shared {
    ring: KeyRing,
    validation: Validation,
    verified: Cache<[u8; 32], Verified>,
    /// Tokens that named a key which is not known here.
    misses: AtomicU64,
    looking: Mutex<Looking>,
}

/// What a token said, and the key that it was verified with.
#[derive(Clone)]
struct Verified {
    claims: AccessClaims,
    key: Arc<VerifyingKey>,
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRejection {
    /// Signed by this service and past its time.
    #[error("the access token has expired")]
    Expired,
    /// Signed by a key that is no longer good: a fresh token is signed by another.
    #[error("the key that signed the access token is no longer good")]
    KeyEnded,
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
    /// Reads the keys under `data_dir`, or makes the first. Until the first look at the database these are all that is
    /// known, and the newest signs.
    pub fn open(data_dir: &Path) -> Result<Self, KeyError> {
        let looking = Looking::open(data_dir)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.required_spec_claims = HashSet::from(["exp", "iss", "aud", "sub"].map(String::from));
        // Expiry is checked here, by the one clock.
        validation.validate_exp = false;
        let shared = Shared {
            ring: looking.ring(),
            validation,
            verified: Cache::new(VERIFIED_TOKENS_MAX),
            misses: AtomicU64::new(0),
            looking: Mutex::new(looking),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// What the token says, if a key that is good here signed it and it has not expired.
    pub fn verify(&self, token: &str) -> Result<AccessClaims, TokenRejection> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenRejection::Invalid);
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        let verified = match self.shared.verified.get(&digest) {
            Some(verified) => verified,
            None => {
                let verified = self.verify_signature(token)?;
                self.shared.verified.insert(digest, verified.clone());
                verified
            }
        };
        verified.still_good(clock::now_ms()).inspect_err(|_| drop(self.shared.verified.remove(&digest)))
    }

    /// How many tokens named a key that is not known here. One that was refused while this number rose may be good
    /// after a look at the database, see [`Tokens::look_again`].
    pub fn misses(&self) -> u64 {
        self.shared.misses.load(Ordering::Relaxed)
    }

    /// The public halves of all keys that are good now.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.shared.ring.good(clock::now_ms())
    }

    fn verify_signature(&self, token: &str) -> Result<Verified, TokenRejection> {
        let key = self.key_of(token)?;
        let decoded = jsonwebtoken::decode::<Payload>(token, &key.decoding, &self.shared.validation);
        let Payload { sub, dev, sid, iat, exp, csrf, .. } = decoded.map_err(|_| TokenRejection::Invalid)?.claims;
        let claims =
            AccessClaims { account: sub, device: dev, session: sid, issued_at_s: iat, expires_at_s: exp, csrf };
        Ok(Verified { claims, key })
    }

    /// The key that the token's header names. Only what could be an access token is asked after.
    fn key_of(&self, token: &str) -> Result<Arc<VerifyingKey>, TokenRejection> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenRejection::Invalid)?;
        let is_ours = header.alg == Algorithm::EdDSA && header.typ.as_deref() == Some(ACCESS_TOKEN_TYPE);
        let id = header.kid.filter(|id| is_ours && is_id(id)).ok_or(TokenRejection::Invalid)?;
        self.shared.ring.verifying(&id).ok_or_else(|| {
            self.shared.misses.fetch_add(1, Ordering::Relaxed);
            TokenRejection::Invalid
        })
    }
}

impl Verified {
    fn still_good(&self, now_ms: i64) -> Result<AccessClaims, TokenRejection> {
        if now_ms >= self.claims.expires_at_s.saturating_mul(1_000) {
            return Err(TokenRejection::Expired);
        }
        if self.key.is_good(now_ms) { Ok(self.claims) } else { Err(TokenRejection::KeyEnded) }
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
        let no_key = || Fault::Unavailable("no key to sign with is published yet".to_owned());
        let key = self.shared.ring.signing().ok_or_else(no_key)?;
        let token = jsonwebtoken::encode(&key.header, &payload, &key.encoding);
        token.map(Secret::new).map_err(|error| Fault::Refused(format!("signing an access token: {error}")))
    }
}

#[cfg(test)]
mod tests;
