//! The folder that backups lie in, each in a folder of its own. One appears under its name when it is whole and on disk, and
//! leaves its name before its files go; what has another name is half of one, and swept away by the next that is made.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use application::backup::{Known, Manifest, is_name};

use super::error::BackupError;

/// The name of a manifest.
const MANIFEST: &str = "manifest.json";
/// What a manifest has at most; the program writes much shorter ones.
const MANIFEST_BYTES_MAX: u64 = 1024 * 1024;
/// Held by whoever makes or removes backups.
const LOCK: &str = ".lock";
/// The endings of folders that are half of a backup: not yet one, and not any more.
const HALVES: [&str; 2] = [".part", ".gone"];

/// The folder.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// What lies in it.
#[derive(Debug, Default)]
pub struct Found {
    /// Backups, the oldest first.
    pub known: Vec<Known>,
    /// What has the name of a backup and is none that can be read, and why.
    pub unreadable: Vec<(String, BackupError)>,
}

/// Held while backups are made or removed; the system lets it go when the process ends.
#[derive(Debug)]
pub(super) struct Held {
    _file: File,
}

/// A backup on its way. Dropped, it is taken away.
#[derive(Debug)]
pub(super) struct Part {
    part: PathBuf,
    name: String,
}

/// The folder of a path, and the backup in it that the path names, if it is that of one.
pub fn locate(path: &Path) -> (PathBuf, Option<String>) {
    let name = path.file_name().and_then(|name| name.to_str()).filter(|name| is_name(name));
    match name {
        Some(name) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            (folder.to_owned(), Some(name.to_owned()))
        }
        None => (path.to_owned(), None),
    }
}

impl Folder {
    /// A folder that has to be there.
    ///
    /// # Errors
    /// It is not, or cannot be read.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        fs::read_dir(path).map_err(|reason| BackupError::io(path, reason))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The same, made when missing; its owner alone may read it.
    ///
    /// # Errors
    /// It can be neither made nor read.
    pub fn make(path: &Path) -> Result<Self, BackupError> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|reason| BackupError::io(path, reason))?;
        Self::open(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What lies in it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn found(&self) -> Result<Found, BackupError> {
        let mut found = Found::default();
        for name in self.names()?.into_iter().filter(|name| is_name(name)) {
            match self.manifest(&name) {
                Ok(known) => found.known.push(known),
                Err(error) => found.unreadable.push((name, error)),
            }
        }
        found.known.sort_by(|one, other| one.name().cmp(other.name()));
        Ok(found)
    }

    /// A file of a backup.
    pub(super) fn file(&self, backup: &str, file: &str) -> PathBuf {
        self.path.join(backup).join(file)
    }

    /// Keeps everybody else from making and removing.
    pub(super) fn hold(&self) -> Result<Held, BackupError> {
        let path = self.path.join(LOCK);
        let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = opened.map_err(|reason| BackupError::io(&path, reason))?;
        match file.try_lock() {
            Ok(()) => Ok(Held { _file: file }),
            Err(TryLockError::WouldBlock) => Err(BackupError::Busy(self.path.clone())),
            Err(TryLockError::Error(reason)) => Err(BackupError::io(&path, reason)),
        }
    }

    /// Takes away what those left that were killed on the way.
    pub(super) fn sweep(&self, _held: &Held) -> Result<(), BackupError> {
        for name in self.names()? {
            let half = HALVES.iter().find_map(|ending| name.strip_prefix('.')?.strip_suffix(ending));
            if half.is_some_and(is_name) {
                remove(&self.path.join(name))?;
            }
        }
        Ok(())
    }

    /// Begins a backup.
    pub(super) fn begin(&self, _held: &Held, name: String) -> Result<Part, BackupError> {
        let part = self.path.join(format!(".{name}.part"));
        DirBuilder::new().mode(0o700).create(&part).map_err(|reason| BackupError::io(&part, reason))?;
        Ok(Part { part, name })
    }

    /// Removes a backup: it has no name any more before its first file goes.
    pub(super) fn remove(&self, _held: &Held, name: &str) -> Result<(), BackupError> {
        let (whole, gone) = (self.path.join(name), self.path.join(format!(".{name}.gone")));
        fs::rename(&whole, &gone).map_err(|reason| BackupError::io(&whole, reason))?;
        sync_folder(&self.path)?;
        remove(&gone)
    }

    fn names(&self) -> Result<Vec<String>, BackupError> {
        let failed = |reason| BackupError::io(&self.path, reason);
        let entries = fs::read_dir(&self.path).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        Ok(entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok()).collect())
    }

    fn manifest(&self, name: &str) -> Result<Known, BackupError> {
        let path = self.file(name, MANIFEST);
        let failed = |reason| BackupError::io(&path, reason);
        if fs::metadata(&path).map_err(failed)?.len() > MANIFEST_BYTES_MAX {
            return Err(BackupError::damaged(&path, "this is no manifest of a backup: it is too long"));
        }
        let bytes = fs::read(&path).map_err(failed)?;
        let text = String::from_utf8(bytes).map_err(|_| BackupError::damaged(&path, "this is not UTF-8"))?;
        let read = Manifest::read(&text).map_err(|bad| BackupError::Manifest { path: path.clone(), bad });
        let (manifest, sha256) = read?;
        if manifest.name != name {
            return Err(BackupError::damaged(&path, format!("it is that of {}", manifest.name)));
        }
        Ok(Known { manifest, sha256 })
    }
}

impl Part {
    /// Its name, once it is whole.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// One of its files.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.part.join(name)
    }

    /// Writes the manifest and gives the backup its name, once all of it is on disk.
    pub(super) fn finish(&self, manifest: Manifest) -> Result<Known, BackupError> {
        let path = self.file(MANIFEST);
        let failed = |reason| BackupError::io(&path, reason);
        let (text, sha256) = manifest.text().map_err(|error| failed(error.into()))?;
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let mut file = opened.map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        sync_folder(&self.part)?;
        let folder = self.part.parent().unwrap_or(Path::new("."));
        let whole = folder.join(&self.name);
        fs::rename(&self.part, &whole).map_err(|reason| BackupError::io(&whole, reason))?;
        sync_folder(folder)?;
        Ok(Known { manifest, sha256 })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // What stays is swept away by the next one. A whole backup has another name by now.
        if let Err(error) = remove(&self.part) {
            tracing::debug!(error = %error, "half of a backup could not be taken away");
        }
    }
}

fn remove(path: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(path) {
        Err(reason) if reason.kind() != ErrorKind::NotFound => Err(BackupError::io(path, reason)),
        _ => Ok(()),
    }
}

fn sync_folder(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|reason| BackupError::io(path, reason))
}
