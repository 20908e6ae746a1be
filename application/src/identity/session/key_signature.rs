//! The port to what checks signatures of devices.

/// Checks signatures by P-256 keys (ECDSA with SHA-256).
pub trait KeySignature {
    /// Whether `signature` (r and s of 32 bytes each, or DER) was made over `message` by the holder of the key (X9.63,
    /// uncompressed). What is no key or no signature was not.
    fn is_signed(&self, key: &[u8], message: &[u8], signature: &[u8]) -> bool;
}
