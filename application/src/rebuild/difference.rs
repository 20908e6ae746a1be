//! How a live row differs from what the log says.

use std::collections::BTreeSet;
use std::fmt;

use domain::id::SpaceId;
use serde_json::Value;

use super::{Counters, Row};

/// A live row that is not what the log says.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The space.
    pub space: SpaceId,
    /// The table.
    pub table: &'static str,
    /// The row's key, beside the space.
    pub key: String,
    /// How it differs.
    pub how: How,
}

/// How a live row differs from what the log says.
#[derive(Clone, Debug, PartialEq)]
pub enum How {
    /// It ought to be there.
    Missing,
    /// It ought not to be there.
    Surplus,
    /// These columns differ; none where the row holds a value that no program here can, so that nobody can say which.
    Columns(Vec<Column>),
}

/// A column that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// As it is.
    pub live: Value,
    /// As the log says.
    pub rebuilt: Value,
}

impl How {
    /// How `live` differs from `rebuilt`.
    pub fn between(live: Option<&Row>, rebuilt: Option<&Row>) -> Self {
        match (live, rebuilt) {
            (None, _) => Self::Missing,
            (_, None) => Self::Surplus,
            (Some(live), Some(rebuilt)) => {
                let value = |row: &Row, name: &str| row.get(name).cloned().unwrap_or_default();
                let names: BTreeSet<&String> = live.keys().chain(rebuilt.keys()).collect();
                let columns = names.into_iter().map(|name| Column {
                    name: name.clone(),
                    live: value(live, name),
                    rebuilt: value(rebuilt, name),
                });
                Self::Columns(columns.filter(|column| column.live != column.rebuilt).collect())
            }
        }
    }
}

impl Difference {
    /// What the head counts, where it differs.
    pub fn of_head(space: SpaceId, live: Counters, rebuilt: Counters) -> Option<Self> {
        let row = |counters: Counters| {
            [
                ("checksum", Value::from(counters.checksum.cast_signed())),
                ("legacy_next", Value::from(counters.legacy_next)),
                ("live_entities", Value::from(counters.live_entities)),
            ]
            .map(|(column, value)| (column.to_owned(), value))
            .into_iter()
            .collect::<Row>()
        };
        let how = || How::between(Some(&row(live)), Some(&row(rebuilt)));
        (live != rebuilt).then(|| Self { space, table: "heads", key: space.to_string(), how: how() })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.table, self.key)?;
        match &self.how {
            How::Missing => f.write_str("the row is missing"),
            How::Surplus => f.write_str("the row is in no event"),
            How::Columns(columns) if columns.is_empty() => f.write_str("it holds a value that cannot be read"),
            How::Columns(columns) => {
                for (index, column) in columns.iter().enumerate() {
                    let separator = if index > 0 { ", " } else { "" };
                    let (live, rebuilt) = (short(&column.live), short(&column.rebuilt));
                    write!(f, "{separator}{} {live} → {rebuilt}", column.name)?;
                }
                Ok(())
            }
        }
    }
}

/// A long value is cut; who needs it whole reads the tables.
fn short(value: &Value) -> String {
    const CHARS_MAX: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
