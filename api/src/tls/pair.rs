//! A certificate chain and its private key, read from their files and checked against each other.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};

/// Bytes of a file of certificates or of a key at most; more is a mistake.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Where the pair is.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) chain: PathBuf,
    pub(super) key: PathBuf,
}

/// A chain and a key that belong together.
#[derive(Debug)]
pub(super) struct Pair {
    /// What is shown to clients.
    pub(super) certified: Arc<CertifiedKey>,
    /// Of the content of both files.
    pub(super) digest: [u8; 32],
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// The file cannot be read.
    #[error("the {what} {path} cannot be read: {source}")]
    File {
        /// Which of the two.
        what: &'static str,
        /// Where it should be.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{path} holds no {what} in PEM form")]
    NotPem {
        /// What it should hold.
        what: &'static str,
        /// Which file.
        path: PathBuf,
    },
    /// A kind of key or certificate that is not spoken here.
    #[error("the certificate {chain} and the private key {key} cannot be used: {source}")]
    Unusable {
        /// The chain.
        chain: PathBuf,
        /// The key.
        key: PathBuf,
        /// Why.
        source: rustls::Error,
    },
    /// Two files that do not belong together.
    #[error("the private key {key} does not belong to the certificate {chain}")]
    Mismatch {
        /// The chain.
        chain: PathBuf,
        /// The key.
        key: PathBuf,
    },
}

/// The content of both files, and its digest.
pub(super) struct Content {
    chain: Vec<u8>,
    key: Vec<u8>,
    pub(super) digest: [u8; 32],
}

/// Reads the pair.
pub(super) fn read(files: &Files) -> Result<Pair, PairError> {
    parse(files, &content(files)?)
}

/// Reads both files.
pub(super) fn content(files: &Files) -> Result<Content, PairError> {
    let chain = file("certificate chain", &files.chain)?;
    let key = file("private key", &files.key)?;
    let digest = Sha256::new().chain_update(Sha256::digest(&chain)).chain_update(Sha256::digest(&key)).finalize();
    Ok(Content { chain, key, digest: digest.into() })
}

/// Takes what was read for a pair, if it is one.
pub(super) fn parse(files: &Files, content: &Content) -> Result<Pair, PairError> {
    let not_pem = |what, path: &PathBuf| PairError::NotPem { what, path: path.clone() };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&content.chain).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| not_pem("certificate", &files.chain))?;
    let key = PrivateKeyDer::from_pem_slice(&content.key).map_err(|_| not_pem("private key", &files.key))?;
    let (chain_path, key_path) = (files.chain.clone(), files.key.clone());
    let certified = CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|source| match source {
        rustls::Error::InconsistentKeys(_) => PairError::Mismatch { chain: chain_path, key: key_path },
        source => PairError::Unusable { chain: chain_path, key: key_path, source },
    })?;
    Ok(Pair { certified: Arc::new(certified), digest: content.digest })
}

fn file(what: &'static str, path: &Path) -> Result<Vec<u8>, PairError> {
    let failed = |source| PairError::File { what, path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(failed(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large")));
    }
    std::fs::read(path).map_err(failed)
}
