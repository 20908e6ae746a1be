//! What an import did to rows that it could not take as they are, and why.

use std::collections::BTreeMap;

use serde::Serialize;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is here, with something that it was not.
    Changed,
    /// It became one with another.
    Merged,
    /// It is not here.
    Skipped,
    /// It is here as it was, and there is something to know about it.
    Noted,
}

/// One thing about one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The table.
    pub table: &'static str,
    /// The row's key.
    pub row: String,
    /// The column, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<&'static str>,
    /// What became of it.
    pub fate: Fate,
    /// Stable code.
    pub code: &'static str,
    /// A sentence. It never quotes what a person wrote.
    pub message: String,
}

/// All of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Notes(pub Vec<Note>);

/// Of which row notes are taken.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) table: &'static str,
    pub(super) row: String,
}

impl Notes {
    /// How many there are of each kind.
    pub fn counts(&self) -> BTreeMap<(Fate, &'static str), u64> {
        let mut counts = BTreeMap::new();
        for note in &self.0 {
            *counts.entry((note.fate, note.code)).or_default() += 1;
        }
        counts
    }

    pub(super) fn add(
        &mut self,
        about: &About,
        column: Option<&'static str>,
        (fate, code): (Fate, &'static str),
        message: impl Into<String>,
    ) {
        let (table, row, message) = (about.table, about.row.clone(), message.into());
        self.0.push(Note { table, row, column, fate, code, message });
    }

    /// A value gave way to another.
    pub(super) fn changed(
        &mut self,
        about: &About,
        column: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) {
        self.add(about, Some(column), (Fate::Changed, code), message);
    }

    /// A row is left out.
    pub(super) fn skipped(&mut self, about: &About, code: &'static str, message: impl Into<String>) {
        self.add(about, None, (Fate::Skipped, code), message);
    }
}
