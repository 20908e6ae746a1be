//! Rows as the text form of COPY (its documentation: "Text Format"): a line a row, cells by tabs.

use std::fmt::{Display, Write as _};

use serde_json::{Map, Value};

/// A column of a table.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Its name.
    pub(super) name: String,
    /// Its type, as PostgreSQL writes it.
    pub(super) kind: String,
}

/// Rows of one table.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Ready to be sent.
    pub(super) text: String,
    begun: bool,
}

impl Lines {
    /// A cell as it is written.
    pub(super) fn cell(&mut self, value: impl Display) -> &mut Self {
        self.separate();
        let _ = write!(self.text, "{value}");
        self
    }

    /// A cell of text, which may hold anything.
    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        self.separate();
        for sign in value.chars() {
            match sign {
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                other => self.text.push(other),
            }
        }
        self
    }

    /// A cell of bytes.
    pub(super) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.cell("\\\\x");
        for byte in value {
            let _ = write!(self.text, "{byte:02x}");
        }
        self
    }

    /// A cell of a number, or null.
    pub(super) fn number(&mut self, value: Option<i64>) -> &mut Self {
        match value {
            Some(value) => self.cell(value),
            None => self.cell("\\N"),
        }
    }

    /// The row is whole.
    pub(super) fn end(&mut self) {
        self.text.push('\n');
        self.begun = false;
    }

    /// A whole row of these columns; what the map does not have is null.
    pub(super) fn row(&mut self, columns: &[Column], row: &Map<String, Value>) {
        for column in columns {
            match (row.get(&column.name), column.kind.as_str()) {
                (None | Some(Value::Null), _) => self.cell("\\N"),
                (Some(value), "jsonb") => self.text(&value.to_string()),
                (Some(Value::Array(items)), _) => self.text(&array(items)),
                (Some(Value::String(value)), _) => self.text(value),
                (Some(value), _) => self.cell(value),
            };
        }
        self.end();
    }

    fn separate(&mut self) {
        if self.begun {
            self.text.push('\t');
        }
        self.begun = true;
    }
}

/// An array as PostgreSQL writes it.
fn array(items: &[Value]) -> String {
    let quoted = |item: &Value| {
        let text = item.as_str().map_or_else(|| item.to_string(), str::to_owned);
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    };
    format!("{{{}}}", items.iter().map(quoted).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_could_end_a_cell_or_a_line_is_escaped() {
        let columns = [("a", "text"), ("b", "text[]"), ("c", "jsonb"), ("d", "bigint"), ("e", "text")];
        let columns = columns.map(|(name, kind)| Column { name: name.to_owned(), kind: kind.to_owned() });
        let row = json!({ "a": "x\ty\\z\n", "b": ["q\"", "r"], "c": { "k": "v\n" }, "d": 7 });
        let mut lines = Lines::default();
        lines.row(&columns, row.as_object().unwrap());
        assert_eq!(lines.text, "x\\ty\\\\z\\n\t{\"q\\\\\"\",\"r\"}\t{\"k\":\"v\\\\n\"}\t7\t\\N\n");
    }

    #[test]
    fn bytes_are_hexadecimal_behind_an_escaped_sign() {
        let mut lines = Lines::default();
        lines.bytes(&[0, 255]).number(None).end();
        assert_eq!(lines.text, "\\\\x00ff\t\\N\n");
    }
}
