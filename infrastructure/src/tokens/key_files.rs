//! The private halves: files `keys/<key id>.pk8` in the data directory, each readable by its owner only. They never
//! leave the directory that they were made in.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::key_pair::{self, KeyPair};
use crate::clock;

/// What the one key of earlier versions was called.
const FIRST_NAME: &str = "access.pk8";
const EXTENSION: &str = "pk8";

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

/// The directory of the private halves.
#[derive(Clone, Debug)]
pub(super) struct KeyFiles {
    directory: PathBuf,
}

/// A private half and its file.
pub(super) struct KeyFile {
    /// The key.
    pub(super) pair: KeyPair,
    /// When the file was written, ms.
    pub(super) made_at: i64,
    /// Where it is.
    pub(super) path: PathBuf,
}

impl KeyFiles {
    /// Those of a data directory, which need not exist yet.
    pub(super) fn of(data_dir: &Path) -> Self {
        Self { directory: data_dir.join("keys") }
    }

    /// Every key; when there is none, a new one. Of several processes that come at once one makes it and the others
    /// find it.
    pub(super) fn open(&self) -> Result<Vec<KeyFile>, KeyError> {
        let _alone = self.lock()?;
        self.take_over_the_first()?;
        let mut found = self.all()?;
        if found.is_empty() {
            found.push(self.write_new()?);
        }
        Ok(found)
    }

    /// Makes a new key.
    pub(super) fn create(&self) -> Result<KeyFile, KeyError> {
        let _alone = self.lock()?;
        self.write_new()
    }

    /// Makes a new key unless a file is there that is none of `known`.
    pub(super) fn create_beside(&self, known: &[PathBuf]) -> Result<Option<KeyFile>, KeyError> {
        let _alone = self.lock()?;
        let others = self.paths()?.iter().any(|path| !known.contains(path));
        if others { Ok(None) } else { self.write_new().map(Some) }
    }

    /// The paths of all keys.
    pub(super) fn paths(&self) -> Result<Vec<PathBuf>, KeyError> {
        let failed = |source| KeyError::File { path: self.directory.clone(), source };
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let paths = entries.map(|entry| entry.map(|entry| entry.path()).map_err(failed));
        paths.filter(|path| path.as_ref().map_or(true, |path| is_key(path))).collect()
    }

    /// Reads every key.
    pub(super) fn all(&self) -> Result<Vec<KeyFile>, KeyError> {
        self.paths()?.iter().map(|path| read(path)).collect()
    }

    fn write_new(&self) -> Result<KeyFile, KeyError> {
        let pkcs8_der = key_pair::generate().ok_or(KeyError::Encoding)?;
        let id = KeyPair::read(&pkcs8_der).ok_or(KeyError::Encoding)?.id;
        let path = self.directory.join(id).with_extension(EXTENSION);
        write(&path, &pkcs8_der).map_err(|source| KeyError::File { path: path.clone(), source })?;
        read(&path)
    }

    /// The key of a directory that an earlier version made gets its name.
    fn take_over_the_first(&self) -> Result<(), KeyError> {
        let path = self.directory.join(FIRST_NAME);
        if !path.exists() {
            return Ok(());
        }
        let named = self.directory.join(&read(&path)?.pair.id).with_extension(EXTENSION);
        fs::rename(&path, named).map_err(|source| KeyError::File { path, source })
    }

    /// Held while keys are made; the directory itself is what is locked.
    fn lock(&self) -> Result<File, KeyError> {
        let failed = |source| KeyError::File { path: self.directory.clone(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(&self.directory).map_err(failed)?;
        let directory = File::open(&self.directory).map_err(failed)?;
        directory.lock().map_err(failed)?;
        Ok(directory)
    }
}

/// Reads one key.
pub(super) fn read(path: &Path) -> Result<KeyFile, KeyError> {
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    let pkcs8_der = fs::read(path).map_err(failed)?;
    close_to_others(path).map_err(failed)?;
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).map_err(failed)?;
    let made_at = modified.duration_since(UNIX_EPOCH).map_or(0, |age| i64::try_from(age.as_millis()).unwrap_or(0));
    let pair = KeyPair::read(&pkcs8_der).ok_or_else(|| KeyError::Malformed(path.to_owned()))?;
    Ok(KeyFile { pair, made_at, path: path.to_owned() })
}

/// Removes a key for good; one that is gone is gone.
pub(super) fn remove(path: &Path) -> Result<(), KeyError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(KeyError::File { path: path.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

fn is_key(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == EXTENSION)
}

/// Writes a file whole or not at all.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension(format!("{}.tmp", clock::uuid_v7()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    let renamed = file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&unfinished, path));
    if let Err(error) = renamed {
        // What is left unfinished is no key; the first failure is the one to tell of.
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}

/// A key that came here by copy may be open to everybody.
fn close_to_others(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    tracing::warn!(key.path = %path.display(), "the signing key was open to other users; closing it");
    fs::set_permissions(path, Permissions::from_mode(0o600))
}
