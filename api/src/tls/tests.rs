//! Which pairs are shown and which are not.

use std::path::PathBuf;

use infrastructure::clock::uuid_v7;

use super::reload::Look;
use super::*;

/// A certificate for `localhost` and its key, in PEM.
fn pair() -> (String, String) {
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    (pair.cert.pem(), pair.signing_key.serialize_pem())
}

struct Scratch(PathBuf);

impl Scratch {
    fn new(chain: &str, key: &str) -> Self {
        let scratch = Self(std::env::temp_dir().join(format!("levelup-tls-{}", uuid_v7())));
        std::fs::create_dir_all(&scratch.0).unwrap();
        scratch.write("chain.pem", chain);
        scratch.write("key.pem", key);
        scratch
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    fn http(&self) -> Http {
        let (chain, key) = (self.0.join("chain.pem"), self.0.join("key.pem"));
        Http { tls_cert: Some(chain), tls_key: Some(key), ..Http::default() }
    }

    fn opened(&self) -> Result<Certificate, PairError> {
        Certificate::open(&self.http()).map(Option::unwrap)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn without_the_settings_there_is_no_tls() {
    assert!(Certificate::open(&Http::default()).unwrap().is_none());
}

#[test]
fn what_is_wrong_with_the_files_is_said_in_one_sentence() {
    let ((chain, key), (_, other_key)) = (pair(), pair());
    let missing = Scratch::new(&chain, &key);
    std::fs::remove_file(missing.0.join("key.pem")).unwrap();
    let said = missing.opened().unwrap_err().to_string();
    assert!(said.starts_with("the private key ") && said.contains("key.pem cannot be read: "), "{said}");

    for (chain, key, expected) in [
        ("garbage", key.as_str(), "chain.pem holds no certificate in PEM form"),
        ("", &key, "chain.pem holds no certificate in PEM form"),
        (&key, &key, "chain.pem holds no certificate in PEM form"),
        (&chain, &chain, "key.pem holds no private key in PEM form"),
        (&chain, &key[..key.len() / 2], "key.pem holds no private key in PEM form"),
    ] {
        let said = Scratch::new(chain, key).opened().unwrap_err().to_string();
        assert!(said.ends_with(expected), "{said}");
    }
    let error = Scratch::new(&chain, &other_key).opened().unwrap_err();
    assert!(matches!(error, PairError::Mismatch { .. }), "{error}");
    assert!(!error.to_string().contains("PRIVATE"));
}

#[test]
fn a_half_written_pair_is_not_taken_and_a_whole_one_is() {
    let ((chain, key), (other_chain, other_key)) = (pair(), pair());
    let scratch = Scratch::new(&chain, &key);
    let certificate = scratch.opened().unwrap();
    let shown = certificate.digest();
    assert!(matches!(certificate.look(), Look::Same));
    scratch.write("chain.pem", &other_chain);
    assert!(matches!(certificate.look(), Look::Wrong(PairError::Mismatch { .. }, Some(_))));
    scratch.write("key.pem", &other_key[..100]);
    assert!(matches!(certificate.look(), Look::Wrong(PairError::NotPem { .. }, Some(_))));
    std::fs::remove_file(scratch.0.join("key.pem")).unwrap();
    assert!(matches!(certificate.look(), Look::Wrong(PairError::File { .. }, None)));
    assert_eq!(certificate.digest(), shown);
    scratch.write("key.pem", &other_key);
    assert!(matches!(certificate.look(), Look::Taken));
    assert_ne!(certificate.digest(), shown);
    assert!(matches!(certificate.look(), Look::Same));
}
