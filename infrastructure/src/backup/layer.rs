//! The lines of one backup while a chain is read: always at one line, of which the kind is known.

use std::io;
use std::path::Path;

use application::transfer::log::Part;
use domain::id::SpaceId;
use serde::Deserialize;
use uuid::Uuid;

use super::error::BackupError;
use crate::log_file::{LineSource, Lines, Read};

/// A kind of line, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The head of a space, which begins it.
    Space,
    /// Another row of a space.
    Row(Part),
    /// A space ends.
    SpaceEnd,
    /// An account.
    Account,
    /// There is none any more.
    Over,
    /// Anything else.
    Other,
}

/// A backup, at one of its lines.
pub(super) struct Layer {
    name: String,
    lines: Lines,
    line: String,
    /// What the line is.
    pub(super) kind: Kind,
}

/// The head of a space, as far as it matters here.
#[derive(Deserialize)]
pub(super) struct HeadRow {
    /// Which space.
    pub(super) space_id: SpaceId,
    /// Its last position.
    pub(super) position: i64,
}

/// An event, as far as it matters here.
#[derive(Deserialize)]
pub(super) struct EventRow {
    /// Where it stands.
    pub(super) position: i64,
}

/// A receipt, as far as it matters here.
#[derive(Deserialize)]
pub(super) struct ReceiptRow {
    /// Of which transaction.
    pub(super) transaction_id: Uuid,
}

impl Layer {
    /// A backup's lines, at the first.
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let failed = |reason| BackupError::io(path, reason);
        let lines = Lines::open(path).map_err(failed)?;
        let mut layer = Self { name: path.display().to_string(), lines, line: String::new(), kind: Kind::Other };
        layer.advance().map_err(failed)?;
        Ok(layer)
    }

    /// Bytes that were read, and bytes that there are.
    pub(super) fn bytes(&self) -> (u64, u64) {
        (self.lines.bytes(), self.lines.bytes_total())
    }

    /// Goes to the next line.
    pub(super) fn advance(&mut self) -> io::Result<()> {
        self.line.clear();
        match self.lines.read()? {
            Read::Line(line) => self.line.push_str(line),
            Read::Over => {}
            Read::Bad(bad) => return Err(io::Error::other(format!("{}: {bad}", self.name))),
        }
        let rest = self.line.strip_prefix("{\"").unwrap_or_default();
        let name = rest.split('"').next().unwrap_or_default();
        let rows = [Part::Device, Part::Event].into_iter().chain(Part::BEHIND_EVENTS);
        self.kind = match name {
            _ if self.line.is_empty() => Kind::Over,
            _ if name == Part::Space.name() => Kind::Space,
            _ if name == Part::Account.name() => Kind::Account,
            "space_end" => Kind::SpaceEnd,
            _ => rows.into_iter().find(|part| part.name() == name).map_or(Kind::Other, Kind::Row),
        };
        Ok(())
    }

    /// Goes to a space; whether it has lines of it.
    pub(super) fn seek(&mut self, space: SpaceId) -> io::Result<bool> {
        loop {
            match self.kind {
                Kind::Account | Kind::Over => return Ok(false),
                Kind::Space => {
                    let found = self.parsed::<HeadRow>()?.space_id;
                    if found >= space {
                        return Ok(found == space);
                    }
                }
                _ => {}
            }
            self.advance()?;
        }
    }

    /// What stands in the line.
    pub(super) fn row(&self) -> io::Result<&str> {
        let row = self.line.split_once("\":").and_then(|(_, rest)| rest.strip_suffix("}\n"));
        row.ok_or_else(|| self.says("a line is none of a backup"))
    }

    /// The same, as far as it matters.
    pub(super) fn parsed<'a, T: Deserialize<'a>>(&'a self) -> io::Result<T> {
        serde_json::from_str(self.row()?).map_err(|error| self.says(&error.to_string()))
    }

    /// Something is wrong here.
    pub(super) fn says(&self, what: &str) -> io::Error {
        io::Error::other(format!("{}: {what}", self.name))
    }
}
