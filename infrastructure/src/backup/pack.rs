//! A file of lines on its way: compressed frame by frame, hashed as it is written; and the look at one that was written.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::backup::{Seal, sha256_hex};
use sha2::{Digest, Sha256};

use super::error::BackupError;
use crate::log_file::compressed;

/// Bytes of lines that become a frame.
const FRAME_BYTES: usize = 1024 * 1024;
/// Bytes that are read at once to be hashed.
const BUFFER_BYTES: usize = 256 * 1024;

/// A compressed file of lines.
pub(super) struct Pack {
    path: PathBuf,
    file: Arc<File>,
    text: String,
    sha: Sha256,
    bytes: u64,
}

impl Pack {
    /// A new file that only its owner may read.
    pub(super) fn new(path: PathBuf) -> Result<Self, BackupError> {
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let file = Arc::new(opened.map_err(|reason| BackupError::io(&path, reason))?);
        Ok(Self { path, file, text: String::new(), sha: Sha256::new(), bytes: 0 })
    }

    /// Adds whole lines.
    pub(super) async fn push(&mut self, lines: &str) -> Result<(), BackupError> {
        self.text.push_str(lines);
        if self.text.len() >= FRAME_BYTES { self.flush().await } else { Ok(()) }
    }

    /// It is whole, and on disk.
    pub(super) async fn finish(mut self) -> Result<Seal, BackupError> {
        self.flush().await?;
        let file = Arc::clone(&self.file);
        blocking(&self.path, move || file.sync_all()).await?;
        Ok(Seal { bytes: self.bytes, sha256: sha256_hex(&self.sha.finalize()) })
    }

    /// On a thread that may wait for the disk.
    async fn flush(&mut self) -> Result<(), BackupError> {
        if self.text.is_empty() {
            return Ok(());
        }
        let (text, file) = (std::mem::take(&mut self.text), Arc::clone(&self.file));
        let written = blocking(&self.path, move || {
            let frame = compressed(&text)?;
            (&*file).write_all(&frame)?;
            Ok(frame)
        });
        let frame = written.await?;
        self.sha.update(&frame);
        self.bytes += frame.len() as u64;
        Ok(())
    }
}

async fn blocking<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, BackupError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(std::io::Error::other).flatten().map_err(|reason| BackupError::io(path, reason))
}

/// What a file hashes to; `tell` hears of the bytes.
pub(super) fn seal(path: &Path, tell: &mut impl FnMut(u64)) -> Result<Seal, BackupError> {
    let failed = |reason| BackupError::io(path, reason);
    let mut file = File::open(path).map_err(failed)?;
    let (mut sha, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; BUFFER_BYTES]);
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok(Seal { bytes, sha256: sha256_hex(&sha.finalize()) });
        }
        sha.update(&buffer[..read]);
        bytes += read as u64;
        tell(read as u64);
    }
}

/// Whether a file is what was written.
pub(super) fn compare(path: &Path, written: &Seal, tell: &mut impl FnMut(u64)) -> Result<(), BackupError> {
    let found = seal(path, tell)?;
    if found == *written {
        return Ok(());
    }
    let Seal { bytes, sha256 } = &found;
    let what = if *bytes < written.bytes {
        format!("it was cut off: {bytes} bytes are there, {} were written", written.bytes)
    } else if *bytes > written.bytes {
        format!("something was added: {bytes} bytes are there, {} were written", written.bytes)
    } else {
        format!("it was changed: its SHA-256 should be {} and is {sha256}", written.sha256)
    };
    Err(BackupError::damaged(path, what))
}
