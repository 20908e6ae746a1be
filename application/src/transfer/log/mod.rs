//! The export of whole logs: what its lines say, how they are counted and hashed while they are written, and whether
//! they are what they must be when they are read. `docs/EXPORT.md` describes the format.
//!
//! A line is an object with one member, whose name says what it is. Rows of the store are carried as the store writes
//! them, so that a restored log exports to the same bytes.

mod bad_line;
mod line;
mod reader;
mod receipts;
mod space;
mod tally;
mod writer;

pub use bad_line::{Bad, BadLine};
pub use line::{End, Header, Line, Part, SpaceEnd};
pub use reader::{Place, Reader, Step};
pub use space::SpaceReader;
pub use tally::{Counts, Tally};
pub use writer::Writer;

/// The version of the format. Another one is not read.
pub const VERSION: u32 = 1;
/// Bytes of a line without its end; what is longer is no line of an export.
pub const LINE_BYTES_MAX: usize = 8 * 1024 * 1024;
