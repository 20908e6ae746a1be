//! The lines of a file, one at a time, whatever it is and however long.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use application::transfer::log::{Bad, LINE_BYTES_MAX};
use zstd::stream::read::Decoder;

use super::{MAGIC, WINDOW_LOG_MAX};

/// Bytes that are read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// The lines of a file.
pub struct Lines {
    source: Box<dyn BufRead + Send>,
    line: Vec<u8>,
    bytes: Arc<AtomicU64>,
    bytes_total: u64,
}

/// What came of reading a line.
#[derive(Debug)]
pub enum Read<'a> {
    /// A line, with its end.
    Line(&'a str),
    /// What stands there is none.
    Bad(Bad),
    /// The file is over.
    Over,
}

/// Lines, wherever they come from.
pub trait LineSource: Send {
    /// The next line.
    ///
    /// # Errors
    /// It cannot be read.
    fn read(&mut self) -> io::Result<Read<'_>>;

    /// Bytes of the source that were read so far.
    fn bytes(&self) -> u64;

    /// Bytes of the source.
    fn bytes_total(&self) -> u64;
}

/// Counts what is read.
struct Counted {
    file: File,
    bytes: Arc<AtomicU64>,
}

impl io::Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.file.read(buffer)?;
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}

impl Lines {
    /// Opens a file; whether it is compressed is seen by its first bytes.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let (bytes, bytes_total) = (Arc::<AtomicU64>::default(), file.metadata()?.len());
        let mut plain = BufReader::with_capacity(BUFFER_BYTES, Counted { file, bytes: Arc::clone(&bytes) });
        let source: Box<dyn BufRead + Send> = if plain.fill_buf()?.starts_with(&MAGIC) {
            let mut decoder = Decoder::with_buffer(plain)?;
            decoder.window_log_max(WINDOW_LOG_MAX)?;
            Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder))
        } else {
            Box::new(plain)
        };
        Ok(Self { source, line: Vec::new(), bytes, bytes_total })
    }
}

impl LineSource for Lines {
    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    fn bytes_total(&self) -> u64 {
        self.bytes_total
    }

    fn read(&mut self) -> io::Result<Read<'_>> {
        self.line.clear();
        loop {
            let found = match self.source.fill_buf() {
                Ok(found) => found,
                Err(error) => return damaged(error),
            };
            if found.is_empty() {
                // A line without its end was cut.
                return Ok(if self.line.is_empty() { Read::Over } else { Read::Bad(Bad::Truncated) });
            }
            let end = found.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(found.len(), |end| end + 1);
            if self.line.len() + taken > LINE_BYTES_MAX {
                return Ok(Read::Bad(Bad::TooLong));
            }
            self.line.extend_from_slice(&found[..taken]);
            self.source.consume(taken);
            if end.is_some() {
                let text = std::str::from_utf8(&self.line);
                return Ok(text.map_or(Read::Bad(Bad::NotText), Read::Line));
            }
        }
    }
}

/// A file that cannot be read, or one that can and is no zstd behind some byte.
fn damaged(error: io::Error) -> io::Result<Read<'static>> {
    match error.kind() {
        ErrorKind::UnexpectedEof => Ok(Read::Bad(Bad::Truncated)),
        // What the operating system says has a number; what the decoder says has none.
        _ if error.raw_os_error().is_none() => Ok(Read::Bad(Bad::NotCompressed(error.to_string()))),
        _ => Err(error),
    }
}
