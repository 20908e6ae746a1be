//! The columns in which a text may be spoken of.

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The table.
    pub(super) table: String,
    /// The column.
    pub(super) name: String,
    /// Its type.
    pub(super) kind: &'static str,
}

impl Column {
    /// A template with the names of this column.
    pub(super) fn fill(&self, template: &str) -> String {
        let table = format!("\"{}\"", self.table);
        let name = format!("\"{}\"", self.name);
        template.replace("{table}", &table).replace("{column}", &name).replace("{type}", self.kind)
    }
}
