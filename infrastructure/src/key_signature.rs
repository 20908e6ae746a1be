//! Signatures of devices: ECDSA over P-256 with SHA-256 (FIPS 186-5), as WebCrypto and the Secure Enclave make them.

use application::identity::KeySignature;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};

/// Bytes of r and s side by side, as WebCrypto writes a signature.
const RAW_BYTES: usize = 64;

/// Checks signatures.
#[derive(Clone, Copy, Debug, Default)]
pub struct P256Signature;

impl KeySignature for P256Signature {
    fn is_signed(&self, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let Ok(key) = VerifyingKey::from_sec1_bytes(key) else { return false };
        let raw = || Signature::from_slice(signature).ok().filter(|_| signature.len() == RAW_BYTES);
        let der = || Signature::from_der(signature).ok();
        // A DER form of 64 bytes is rare and possible.
        [raw(), der()].into_iter().flatten().any(|signature| key.verify(message, &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::SigningKey;
    use p256::ecdsa::signature::Signer;

    use super::*;

    fn key() -> (SigningKey, Vec<u8>) {
        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        let public = key.verifying_key().to_encoded_point(false).as_bytes().to_vec();
        (key, public)
    }

    #[test]
    fn both_forms_of_a_signature_are_read() {
        let (key, public) = key();
        let signature: Signature = key.sign(b"message");
        assert!(P256Signature.is_signed(&public, b"message", &signature.to_bytes()));
        assert!(P256Signature.is_signed(&public, b"message", signature.to_der().as_bytes()));
    }

    #[test]
    fn another_message_key_or_form_is_not_signed() {
        let (key, public) = key();
        let signature: Signature = key.sign(b"message");
        let raw = signature.to_bytes();
        let other = SigningKey::from_slice(&[8; 32]).unwrap().verifying_key().to_encoded_point(false);
        assert!(!P256Signature.is_signed(&public, b"another message", &raw));
        assert!(!P256Signature.is_signed(other.as_bytes(), b"message", &raw));
        for bad in [&[][..], &[0; 64], &[0xff; 64], &raw[..63], &[&raw[..], &[0]].concat(), b"no signature"] {
            assert!(!P256Signature.is_signed(&public, b"message", bad), "{bad:?}");
        }
        for bad in [&[][..], &[0; 65], &[4; 65], &public[..64]] {
            assert!(!P256Signature.is_signed(bad, b"message", &raw), "{bad:?}");
        }
    }

    /// RFC 6979, A.2.5: P-256 with SHA-256 over "sample".
    #[test]
    fn a_known_signature_is_verified() {
        let bytes = |hex: &str| -> Vec<u8> {
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
        };
        let public = bytes(concat!(
            "04",
            "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
            "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"
        ));
        let signature = bytes(concat!(
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
            "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
        ));
        assert!(P256Signature.is_signed(&public, b"sample", &signature));
    }
}
