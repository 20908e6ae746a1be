//! An import reads a file twice. The first time nothing is written: every line is checked, and every space and account
//! of it compared with what is here. The second time its rows are taken over, in short transactions; a space is seen by
//! nobody before its last row is there.
//!
//! Killed at any moment, it goes on when it is run again with the same file: the rows that a space has already are passed
//! over, and the spaces that are whole are seen to be there.

mod account;
mod check;
mod collision;
mod discard;
mod error;
mod staging;
mod take;

use application::transfer::log::{Bad, BadLine, Counts, Reader, Step};
use tokio_util::sync::CancellationToken;

use crate::log_file::{LineSource, Read};

pub use check::{Checked, check};
pub use collision::{Collision, What};
pub use discard::discard;
pub use error::ImportError;
pub use take::{Taken, take};

/// How to import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Leave out what is here already in another form.
    pub skip_existing: bool,
    /// Leave out what was erased here, and nothing else.
    pub skip_erased: bool,
    /// Begin another life of the logs, because the exported one goes on elsewhere: every device starts again.
    pub new_epoch: bool,
}

impl Options {
    /// Whether something is left out for what is in its way, rather than being the end of it.
    fn leave_out(self, what: What) -> bool {
        self.skip_existing || (self.skip_erased && what == What::Erased)
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file that were read.
    pub bytes: u64,
    /// Bytes of the file.
    pub bytes_total: u64,
    /// What the lines so far held.
    pub counts: Counts,
    /// Lines so far.
    pub lines: u64,
}

/// Lines after which progress is told.
const TELL_LINES: u64 = 1_000;

/// A file on its way.
struct Walk<'a, T> {
    lines: Box<dyn LineSource>,
    reader: Reader,
    text: String,
    stop: &'a CancellationToken,
    tell: &'a mut T,
}

impl<'a, T: FnMut(Progress)> Walk<'a, T> {
    fn new(lines: Box<dyn LineSource>, stop: &'a CancellationToken, tell: &'a mut T) -> Self {
        Self { lines, reader: Reader::default(), text: String::new(), stop, tell }
    }

    /// The next line; none when all were read.
    fn next(&mut self) -> Result<Option<(Step<'_>, &mut Reader)>, ImportError> {
        if self.stop.is_cancelled() {
            return Err(ImportError::Interrupted);
        }
        if self.reader.lines().is_multiple_of(TELL_LINES) {
            self.tell();
        }
        self.text.clear();
        let bad: Option<Bad> = match self.lines.read()? {
            Read::Line(line) => {
                self.text.push_str(line);
                None
            }
            Read::Bad(bad) => Some(bad),
            Read::Over => {
                self.reader.over()?;
                self.tell();
                return Ok(None);
            }
        };
        if let Some(bad) = bad {
            return Err(self.reader.next_is(bad).into());
        }
        let step = self.reader.read(&self.text)?;
        Ok(Some((step, &mut self.reader)))
    }

    /// What is wrong with the line that was read last.
    fn bad(&self, bad: Bad) -> ImportError {
        BadLine { line: self.reader.lines(), bad }.into()
    }

    fn tell(&mut self) {
        let progress = Progress {
            bytes: self.lines.bytes(),
            bytes_total: self.lines.bytes_total(),
            counts: self.reader.tally().so_far(),
            lines: self.reader.lines(),
        };
        (self.tell)(progress);
    }
}
