//! The key that signs access tokens: one file, `keys/access.pk8` in the data directory, readable by its owner only.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use sha2::{Digest, Sha256};

use crate::clock;

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file system said no.
    #[error("the signing key {path} cannot be read or made: {source}. Check who owns the data directory.")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error(
        "{0} is not an Ed25519 key in PKCS#8 form. Put the right file back, or remove it to get a new key; \
         a new key makes every signed-in device refresh once."
    )]
    Malformed(PathBuf),
    /// The new key could not be written down.
    #[error("a new signing key could not be encoded")]
    Encoding,
}

/// A key pair in the forms that signing and verifying need.
pub(super) struct KeyPair {
    /// Names the key in a token's header: the start of the SHA-256 of the public key.
    pub(super) id: String,
    /// The private key, PKCS#8 DER.
    pub(super) pkcs8_der: Vec<u8>,
    /// The public key, raw.
    pub(super) public: [u8; 32],
}

/// Reads the key, or makes it. Of several processes that make it at once one wins and the others read what it made.
pub(super) fn open(data_dir: &Path) -> Result<KeyPair, KeyError> {
    let directory = data_dir.join("keys");
    let path = directory.join("access.pk8");
    let failed = |source| KeyError::File { path: path.clone(), source };
    let pkcs8_der = match fs::read(&path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            DirBuilder::new().recursive(true).mode(0o700).create(&directory).map_err(failed)?;
            create(&path, &generate()?).map_err(failed)?;
            fs::read(&path).map_err(failed)?
        }
        Err(error) => return Err(failed(error)),
    };
    close_to_others(&path).map_err(failed)?;
    let key = SigningKey::from_pkcs8_der(&pkcs8_der).map_err(|_| KeyError::Malformed(path))?;
    let public = key.verifying_key().to_bytes();
    let id = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(public)[..12]);
    Ok(KeyPair { id, pkcs8_der, public })
}

fn generate() -> Result<Vec<u8>, KeyError> {
    let key = SigningKey::from_bytes(&clock::random_bytes::<32>());
    let document = key.to_pkcs8_der().map_err(|_| KeyError::Encoding)?;
    Ok(document.as_bytes().to_vec())
}

/// Writes a file whole or not at all, and never over another: a hard link fails when the name is taken.
fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension(format!("{}.tmp", clock::uuid_v7()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    let linked = file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&unfinished, path));
    fs::remove_file(&unfinished)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => path.parent().map_or(Ok(()), |parent| fs::File::open(parent)?.sync_all()),
    }
}

/// A key that came here by copy may be open to everybody.
fn close_to_others(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    tracing::warn!(key.path = %path.display(), "the signing key was open to other users; closing it");
    fs::set_permissions(path, Permissions::from_mode(0o600))
}
