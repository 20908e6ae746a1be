//! Exports of logs as files: written so that a cut leaves something to go on from, read so that nothing in them can take
//! more memory than a line. Compressed ones are frames of zstd, one behind the other, each of whole lines.

mod lines;
mod part;

pub use lines::{LineSource, Lines, Read};
pub use part::{PartError, PartFile};

/// The first bytes of a frame of zstd (RFC 8878, section 3.1.1).
const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// The greatest window that is unpacked, as a power of two: 8 MiB, as RFC 8878 asks every reader to support.
const WINDOW_LOG_MAX: u32 = 23;
/// As for files that are written once and read seldom.
const LEVEL: i32 = 3;

/// Whole lines as a frame. Frames follow each other to one file.
///
/// # Errors
/// There is no memory for it.
pub fn compressed(lines: &str) -> std::io::Result<Vec<u8>> {
    zstd::encode_all(lines.as_bytes(), LEVEL)
}
