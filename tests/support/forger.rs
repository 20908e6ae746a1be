//! Who signs tokens that no server issued: with a server's own key, to say what it would not, or with another.

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey};
use infrastructure::clock::random_bytes;
use serde_json::Value;

use crate::DataDir;

/// Signs whatever it is given.
pub struct Forger {
    key: SigningKey,
}

impl Forger {
    /// With a server's key.
    #[must_use]
    pub fn with_key_of(data_dir: &DataDir) -> Self {
        let files = fs::read_dir(data_dir.path().join("keys")).expect("the server's keys");
        let mut keys =
            files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "pk8"));
        let key = SigningKey::from_pkcs8_der(&fs::read(keys.next().expect("a key")).unwrap()).expect("an Ed25519 key");
        Self { key }
    }

    /// With a key that no server knows.
    #[must_use]
    pub fn with_another_key() -> Self {
        Self { key: SigningKey::from_bytes(&random_bytes()) }
    }

    /// A token like a good one but for what `change` does to its header and its claims.
    pub fn forge(&self, good: &str, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let mut parts = good.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap());
        let mut part = || serde_json::from_slice::<Value>(&parts.next().unwrap()).unwrap();
        let (mut header, mut claims) = (part(), part());
        change(&mut header, &mut claims);
        let [header, claims] = [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
        let body = format!("{header}.{claims}");
        let signature = BASE64_URL_SAFE_NO_PAD.encode(self.key.sign(body.as_bytes()).to_bytes());
        format!("{body}.{signature}")
    }
}
