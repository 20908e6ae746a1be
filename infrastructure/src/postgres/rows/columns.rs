//! What the current rows of a kind consist of, as a reader is shown them, and how a reader's text becomes a value of a
//! column. Read from the database once, so that a new column needs no line here.

use std::collections::BTreeMap;

use application::submit::shown;
use domain::entity::Kind;
use jiff::civil::Date;
use serde_json::{Map, Value};
use tokio_postgres::GenericClient;
use uuid::Uuid;

/// The length of an id's text.
const ID_CHARS: usize = 36;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Integer,
    Text,
    Id,
    Bool,
    Day,
    /// Sets and documents, which are shown, but not compared.
    Other,
}

/// A column that can be compared.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) holds: Type,
    /// Its value as a reader is shown it, in SQL.
    pub(super) shown: String,
}

/// The shown columns of a kind.
#[derive(Clone, Debug)]
pub struct Columns {
    kind: Kind,
    columns: BTreeMap<String, Type>,
}

impl Columns {
    /// Reads the shape of a kind's table.
    pub(super) async fn read(client: &impl GenericClient, kind: Kind) -> Result<Self, tokio_postgres::Error> {
        let rows = client.query(include_str!("../sql/rows/columns.sql"), &[&kind.table()]).await?;
        Ok(Self::new(kind, rows.iter().map(|row| (row.get("name"), row.get("type")))))
    }

    pub(super) fn new<'a>(kind: Kind, columns: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let all: BTreeMap<String, Type> = columns.map(|(name, text)| (name.to_owned(), Type::named(text))).collect();
        let row: Map<String, Value> = all.keys().map(|name| (name.clone(), Value::Null)).collect();
        let shown = shown(kind, row);
        Self { kind, columns: all.into_iter().filter(|(name, _)| shown.contains_key(name)).collect() }
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The names of the columns that can be compared and sorted by.
    pub fn scalars(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter(|(_, holds)| **holds != Type::Other).map(|(name, _)| name.as_str())
    }

    /// Whether readers are shown a column of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// The column of this name, if it can be compared.
    pub(super) fn scalar(&self, name: &str) -> Option<Column> {
        let (name, holds) = self.columns.get_key_value(name).filter(|(_, holds)| **holds != Type::Other)?;
        Some(Column { name: name.clone(), holds: *holds, shown: shown_sql(self.kind, name) })
    }
}

/// What `domain::entity::Kind::hide` does to one column, for filters and order; a test holds the two together.
fn shown_sql(kind: Kind, column: &str) -> String {
    match (kind, column) {
        (Kind::Goal, "status") => "CASE WHEN t.completed_at IS NULL THEN t.status ELSE 'completed' END".to_owned(),
        (Kind::Task, "completed_at") => "CASE WHEN t.category <> 'habit' THEN t.completed_at END".to_owned(),
        (Kind::Task, "completion_count" | "streak") => {
            format!("CASE WHEN t.category = 'habit' THEN t.{column} ELSE 0 END")
        }
        (Kind::Task, "last_completed_on" | "last_completed_at") => {
            format!("CASE WHEN t.category = 'habit' THEN t.{column} END")
        }
        _ => format!("t.{column}"),
    }
}

impl Type {
    fn named(name: &str) -> Self {
        match name {
            "bigint" => Self::Integer,
            "text" => Self::Text,
            "uuid" => Self::Id,
            "boolean" => Self::Bool,
            "date" => Self::Day,
            _ => Self::Other,
        }
    }

    /// The type's name in SQL.
    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Integer => "bigint",
            Self::Text | Self::Other => "text",
            Self::Id => "uuid",
            Self::Bool => "boolean",
            Self::Day => "date",
        }
    }

    /// What a value looks like, for a sentence.
    pub(super) fn described(self) -> &'static str {
        match self {
            Self::Integer => "a whole number (of moments: Unix milliseconds)",
            Self::Text | Self::Other => "text without NUL",
            Self::Id => "an id (a UUID with hyphens)",
            Self::Bool => "true or false",
            Self::Day => "a day such as 2026-10-24",
        }
    }

    /// A reader's text in the form that the database reads; `None` if it is no such value.
    pub(super) fn read(self, text: &str) -> Option<String> {
        match self {
            Self::Integer => text.parse::<i64>().ok().map(|number| number.to_string()),
            Self::Text => (!text.contains('\0')).then(|| text.to_owned()),
            Self::Id => id(text).map(|id| id.to_string()),
            Self::Bool => text.parse::<bool>().ok().map(|is| is.to_string()),
            Self::Day => {
                let day = text.parse::<Date>().ok().filter(|day| day.year() > 0)?;
                Some(day.to_string())
            }
            Self::Other => None,
        }
    }
}

/// An id in the one form that this API writes and reads.
pub fn id(text: &str) -> Option<Uuid> {
    (text.len() == ID_CHARS).then(|| Uuid::parse_str(text).ok()).flatten()
}
