//! What of a row a reader of a snapshot gets.

use domain::entity::Kind;
use serde_json::{Map, Value};

use super::{Item, item};
use crate::fault::Fault;
use crate::submit::{PRIVATE, shown};

/// What of a row its reader gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// What is shown to devices.
    Shown,
    /// Every column.
    Whole,
}

impl View {
    /// Whether the column is of no use to the reader.
    #[must_use]
    pub fn hides(self, column: &str) -> bool {
        self == Self::Shown && PRIVATE.contains(&column)
    }

    /// A row as its reader gets it.
    ///
    /// # Errors
    /// It has no id or version.
    pub fn item(self, kind: Kind, row: Map<String, Value>) -> Result<Item, Fault> {
        match self {
            Self::Shown => item(kind, shown(kind, row)),
            Self::Whole => item(kind, row),
        }
    }
}
