//! The keys in memory: the one that signs and all that verify. Read for every request, changed only when a look at the
//! files and the table finds something new.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;

use super::key_pair::KeyPair;
use crate::postgres::signing_keys::PublishedKey;

/// A moment that does not come.
const NEVER: i64 = i64::MAX;

/// A public half. Whoever remembers a token that it verified holds on to it, and sees when it ends.
pub(super) struct VerifyingKey {
    /// Verifies.
    pub(super) decoding: DecodingKey,
    public: [u8; 32],
    ends_at_ms: AtomicI64,
}

/// A public half as others may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Its name in the header of a token.
    pub id: String,
    /// Its 32 bytes (RFC 8032).
    pub bytes: [u8; 32],
}

impl PublicKey {
    /// Its bytes as a JWK has them (RFC 8037, section 2).
    pub fn base64url(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.bytes)
    }
}

/// The keys of one node.
#[derive(Default)]
pub(super) struct KeyRing {
    held: RwLock<Held>,
}

#[derive(Default)]
struct Held {
    signing: Option<Arc<KeyPair>>,
    verifying: HashMap<String, Arc<VerifyingKey>>,
}

impl VerifyingKey {
    /// Whether what it signed is good at this moment.
    pub(super) fn is_good(&self, now_ms: i64) -> bool {
        now_ms < self.ends_at_ms.load(Ordering::Relaxed)
    }
}

impl KeyRing {
    /// The ring of a node that knows its own keys only: the newest signs, all verify.
    pub(super) fn of_files(newest: &Arc<KeyPair>, all: &[Arc<KeyPair>]) -> Self {
        let ring = Self::default();
        let alone = |pair: &Arc<KeyPair>| PublishedKey {
            id: pair.id.clone(),
            public: pair.public,
            created_at: 0,
            retired_at: None,
            ends_at: None,
        };
        ring.set(Some(newest.clone()), &all.iter().map(alone).collect::<Vec<_>>());
        ring
    }

    /// The key that signs now.
    pub(super) fn signing(&self) -> Option<Arc<KeyPair>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).signing.clone()
    }

    /// The key of this name, good or ended.
    pub(super) fn verifying(&self, id: &str) -> Option<Arc<VerifyingKey>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).verifying.get(id).cloned()
    }

    /// Every key that is good at this moment, by name.
    pub(super) fn good(&self, now_ms: i64) -> Vec<PublicKey> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let good = held.verifying.iter().filter(|(_, key)| key.is_good(now_ms));
        let mut keys: Vec<_> = good.map(|(id, key)| PublicKey { id: id.clone(), bytes: key.public }).collect();
        keys.sort_by(|a, b| a.id.cmp(&b.id));
        keys
    }

    /// Takes what a look found. A key that was known stays the same object, so that everybody who holds on to it sees
    /// its end; one that is gone from the table has ended.
    pub(super) fn set(&self, signing: Option<Arc<KeyPair>>, published: &[PublishedKey]) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let mut known = std::mem::take(&mut held.verifying);
        for key in published {
            let ends_at = key.ends_at.unwrap_or(NEVER);
            let verifying = known.remove(&key.id).unwrap_or_else(|| Arc::new(verifying(key)));
            verifying.ends_at_ms.store(ends_at, Ordering::Relaxed);
            held.verifying.insert(key.id.clone(), verifying);
        }
        known.into_values().for_each(|gone| gone.ends_at_ms.store(i64::MIN, Ordering::Relaxed));
        held.signing = signing;
    }
}

fn verifying(key: &PublishedKey) -> VerifyingKey {
    VerifyingKey {
        decoding: DecodingKey::from_ed_der(&key.public),
        public: key.public,
        ends_at_ms: AtomicI64::new(NEVER),
    }
}
