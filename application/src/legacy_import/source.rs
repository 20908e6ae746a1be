//! An account as the legacy database holds it: its rows by table, each as JSON. Deployments differ, so no column is
//! taken for granted.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::marks::Marks;

/// A row: values by column.
pub type Row = Map<String, Value>;

/// Everything that a legacy database has of one account.
#[derive(Clone, Debug, Default)]
pub struct LegacyAccount {
    /// The row of `users`.
    pub user: Row,
    /// The rows of every other table, by its name; a table that the database does not have has none.
    pub tables: BTreeMap<String, Vec<Row>>,
    /// Which of them an export of this program wrote.
    pub marks: Marks,
}

impl LegacyAccount {
    /// The rows of a table.
    pub(super) fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many of its rows no export of this program wrote, if one wrote others: an account of here joined this user.
    pub fn own_rows_beside_written(&self) -> Option<u64> {
        self.marks.beside(&self.tables)
    }

    /// How many rows it has in all.
    pub fn count(&self) -> u64 {
        1 + self.tables.values().map(|rows| rows.len() as u64).sum::<u64>()
    }
}
