//! A finding as it is kept and sent: where it is and what is wrong, without anything that a person wrote. The values of
//! differing columns are seen by whoever may read the tables.

use serde_json::{Value, json};

use super::flaw::Flaw;
use crate::rebuild::{Difference, How};

impl Flaw {
    /// Where it is, by name.
    pub fn about(&self) -> Value {
        match self {
            Self::Gap { first, last } => json!({ "first": first, "last": last }),
            Self::Payload(position) | Self::Chain(position) | Self::Clock(position) | Self::Unreceipted(position) => {
                json!({ "position": position })
            }
            Self::Misplaced { position, belongs } => json!({ "position": position, "belongs": belongs }),
            Self::Sequence { position, kind, id, expected, found } => {
                json!({ "position": position, "entity": kind, "id": id, "expected": expected, "found": found })
            }
            Self::Unreadable { position, .. } => json!({ "position": position }),
            Self::Head { column, .. } => json!({ "column": column }),
            Self::Headless | Self::Refused(_) => json!({}),
            Self::Orphans { table } => json!({ "table": table }),
            Self::Receipt { transaction, reason } => json!({ "transaction_id": transaction, "reason": reason }),
            Self::SecondReader { entity, reason } => {
                json!({ "entity": entity.kind.name(), "id": entity.id, "reason": reason })
            }
            Self::Row(difference) => json!({
                "table": difference.table,
                "key": difference.key,
                "columns": columns(difference),
            }),
            Self::More(count) => json!({ "count": count }),
        }
    }

    /// One sentence without anything that a person wrote.
    pub fn sentence(&self) -> String {
        match self {
            // A parser's reason may quote what it could not read.
            Self::Unreadable { position, .. } => {
                format!("position {position}: the event cannot be read, or its columns contradict its payload")
            }
            // The database may quote what it refused.
            Self::Refused(_) => "the space could not be looked at: the database refused a statement".to_owned(),
            Self::Row(Difference { table, key, how, .. }) => match how {
                How::Missing => format!("{table} {key}: the row is missing"),
                How::Surplus => format!("{table} {key}: the row is in no event"),
                How::Columns(columns) if columns.is_empty() => {
                    format!("{table} {key}: not what the log says: it holds a value that cannot be read")
                }
                How::Columns(_) => format!("{table} {key}: not what the log says: {}", columns_text(self)),
            },
            other => other.to_string(),
        }
    }
}

fn columns(difference: &Difference) -> Vec<&str> {
    match &difference.how {
        How::Columns(columns) => columns.iter().map(|column| column.name.as_str()).collect(),
        How::Missing | How::Surplus => Vec::new(),
    }
}

fn columns_text(flaw: &Flaw) -> String {
    match flaw {
        Flaw::Row(difference) => columns(difference).join(", "),
        _ => String::new(),
    }
}
