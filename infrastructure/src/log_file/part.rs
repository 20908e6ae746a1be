//! A file on its way: `<name>.part`, which gets its name when it is whole. What a cut left is read again, checked, and
//! gone on with behind its last whole line.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read as _, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use application::transfer::log::{BadLine, Reader};
use thiserror::Error;
use zstd::stream::read::Decoder;

use super::{LineSource, Lines, Read, WINDOW_LOG_MAX, compressed};

/// What one frame unpacks to at most; the program writes much smaller ones.
const FRAME_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Why a file is not written.
#[derive(Debug, Error)]
pub enum PartError {
    /// A whole file has the name already.
    #[error("{0} is there already")]
    Exists(PathBuf),
    /// What lies there is not the beginning of an export.
    #[error("{path} cannot be gone on with: {bad}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        bad: Box<BadLine>,
    },
    /// The system refused.
    #[error("{path}: {reason}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
}

/// A file on its way.
#[derive(Debug)]
pub struct PartFile {
    path: PathBuf,
    part: PathBuf,
    file: File,
    zstd: bool,
}

impl PartFile {
    /// Opens the beginning that a cut left, or a new file that only its owner may read. The reader has read what is kept.
    ///
    /// # Errors
    /// The whole file is there, its beginning is something else, or the system refused.
    pub fn open(path: &Path, zstd: bool) -> Result<(Self, Reader), PartError> {
        if path.exists() {
            return Err(PartError::Exists(path.to_owned()));
        }
        let part = with_ending(path, ".part");
        let failed = |reason| PartError::Io { path: part.clone(), reason };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(&part).map_err(failed)?;
        let mut reader = Reader::default();
        let kept = if zstd { whole_frames(&file, &mut reader) } else { whole_lines(&part, &mut reader) };
        let kept = kept.map_err(|why| why.of(&part))?;
        file.set_len(kept).and_then(|()| file.seek(SeekFrom::Start(kept))).map_err(failed)?;
        Ok((Self { path: path.to_owned(), part, file, zstd }, reader))
    }

    /// Adds whole lines.
    ///
    /// # Errors
    /// The system refused.
    pub fn append(&mut self, lines: &str) -> Result<(), PartError> {
        let write = || match self.zstd {
            true => compressed(lines).and_then(|frame| (&self.file).write_all(&frame)),
            false => (&self.file).write_all(lines.as_bytes()),
        };
        write().map_err(|reason| PartError::Io { path: self.part.clone(), reason })
    }

    /// Gives the file its name, once it is on disk.
    ///
    /// # Errors
    /// The system refused, or another whole file has come meanwhile.
    pub fn finish(self) -> Result<(), PartError> {
        let failed = |reason| PartError::Io { path: self.path.clone(), reason };
        self.file.sync_all().map_err(failed)?;
        if self.path.exists() {
            return Err(PartError::Exists(self.path));
        }
        std::fs::rename(&self.part, &self.path).map_err(failed)?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

enum Why {
    Bad(BadLine),
    Io(io::Error),
}

impl Why {
    fn of(self, path: &Path) -> PartError {
        let path = path.to_owned();
        match self {
            Self::Bad(bad) => PartError::Damaged { path, bad: Box::new(bad) },
            Self::Io(reason) => PartError::Io { path, reason },
        }
    }
}

/// Reads the whole lines of a file; how many bytes they are.
fn whole_lines(path: &Path, reader: &mut Reader) -> Result<u64, Why> {
    let mut lines = Lines::open(path).map_err(Why::Io)?;
    let mut bytes = 0;
    loop {
        match lines.read().map_err(Why::Io)? {
            Read::Line(line) => reader.read(line).map(drop).map_err(Why::Bad)?,
            Read::Over | Read::Bad(application::transfer::log::Bad::Truncated) => return Ok(bytes),
            Read::Bad(bad) => return Err(Why::Bad(reader.next_is(bad))),
        }
        bytes = reader.bytes();
    }
}

/// Reads the whole frames of a file; how many bytes they are.
fn whole_frames(file: &File, reader: &mut Reader) -> Result<u64, Why> {
    let mut source = BufReader::new(file);
    let mut kept = 0;
    while !source.fill_buf().map_err(Why::Io)?.is_empty() {
        let mut lines = String::new();
        let mut decoder = Decoder::with_buffer(&mut source).map_err(Why::Io)?.single_frame();
        decoder.window_log_max(WINDOW_LOG_MAX).map_err(Why::Io)?;
        // The last frame may be cut anywhere.
        let unpacked = decoder.take(FRAME_BYTES_MAX).read_to_string(&mut lines);
        if unpacked.map_or(FRAME_BYTES_MAX, |bytes| bytes as u64) >= FRAME_BYTES_MAX {
            break;
        }
        for line in lines.split_inclusive('\n') {
            reader.read(line).map_err(Why::Bad)?;
        }
        kept = source.stream_position().map_err(Why::Io)?;
    }
    Ok(kept)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(ending);
    PathBuf::from(name)
}
