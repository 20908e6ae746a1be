//! The rows of tables that follow from no log, as they lie in a backup: a line each, with the table's name.

use std::path::{Path, PathBuf};

use super::error::BackupError;
use crate::log_file::{LineSource, Lines, Read};

/// The rows.
pub(super) struct TableRows {
    path: PathBuf,
    lines: Lines,
    line: u64,
    text: String,
}

impl TableRows {
    /// Before the first.
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let lines = Lines::open(path).map_err(|reason| BackupError::io(path, reason))?;
        Ok(Self { path: path.to_owned(), lines, line: 0, text: String::new() })
    }

    /// The next: its table, and the row. None after the last.
    pub(super) fn next(&mut self) -> Result<Option<(&str, &str)>, BackupError> {
        self.line += 1;
        let read = self.lines.read().map_err(|reason| BackupError::io(&self.path, reason))?;
        match read {
            Read::Line(text) => text.clone_into(&mut self.text),
            Read::Bad(bad) => {
                let what = format!("line {}: {bad}", self.line);
                return Err(BackupError::damaged(&self.path, what));
            }
            Read::Over => return Ok(None),
        }
        let inner = self.text.strip_prefix("{\"").and_then(|rest| rest.strip_suffix("}\n"));
        let row = inner.and_then(|inner| inner.split_once("\":"));
        row.map(Some).ok_or_else(|| self.says("this is no row of a table"))
    }

    /// Something is wrong with the row that was read last.
    pub(super) fn says(&self, what: &str) -> BackupError {
        BackupError::damaged(&self.path, format!("line {}: {what}", self.line))
    }
}
