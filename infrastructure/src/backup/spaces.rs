//! Where every space stood when a backup was made, a line each: what the next one goes on from, and which spaces there are.

use std::path::{Path, PathBuf};

use domain::id::SpaceId;
use serde::{Deserialize, Serialize};

use super::error::BackupError;
use crate::log_file::{LineSource, Lines, Read};
use crate::postgres::log_copy::Base;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stood {
    /// Which space.
    pub(super) space_id: SpaceId,
    /// Its last position.
    pub(super) position: i64,
    /// The chain's hash there, in hexadecimal digits.
    pub(super) hash: String,
    /// When it was last written, ms.
    pub(super) recorded_at: i64,
    /// How often something else than a write had changed it.
    pub(super) repairs: i64,
    /// What of it can change beside its log.
    pub(super) digest: String,
}

/// The lines of a backup, in the order of their ids.
pub(super) struct Spaces {
    path: PathBuf,
    lines: Lines,
    line: u64,
}

impl Stood {
    /// As a line.
    pub(super) fn line(&self) -> String {
        // Numbers and texts cannot fail to become JSON.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// As what the next backup goes on from.
    pub(super) fn base(&self) -> Base {
        let digit = |at: usize| self.hash.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let hash = (0..self.hash.len()).step_by(2).map_while(digit).collect();
        Base { position: self.position, hash, recorded_at: self.recorded_at, repairs: self.repairs }
    }
}

impl Spaces {
    /// Before the first line.
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let lines = Lines::open(path).map_err(|reason| BackupError::io(path, reason))?;
        Ok(Self { path: path.to_owned(), lines, line: 0 })
    }

    /// The next line; none after the last.
    pub(super) fn next(&mut self) -> Result<Option<Stood>, BackupError> {
        self.line += 1;
        let damaged = |what: String| BackupError::damaged(&self.path, format!("line {}: {what}", self.line));
        match self.lines.read().map_err(|reason| BackupError::io(&self.path, reason))? {
            Read::Line(line) => serde_json::from_str(line).map(Some).map_err(|error| damaged(error.to_string())),
            Read::Bad(bad) => Err(damaged(bad.to_string())),
            Read::Over => Ok(None),
        }
    }
}
