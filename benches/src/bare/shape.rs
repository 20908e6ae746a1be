//! The shape of what the server writes for a creation and a completion: every value of the rows, as text under a name
//! that pgbench can bind.

use std::collections::BTreeMap;

use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::failure::Failure;

/// A column of a projection: its name and its type.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: String,
}

/// Named values, and the columns of the projections.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// `None` is NULL, which pgbench cannot bind.
    pub(super) values: BTreeMap<String, Option<String>>,
    pub(super) columns: BTreeMap<&'static str, Vec<Column>>,
}

impl Shape {
    /// Reads the task that was completed last, and what its creation and completion wrote.
    pub(super) async fn of_last_completed_task(served: &Client) -> Result<Self, Failure> {
        let found = served.query_one(include_str!("sql/last_completed.sql"), &[]).await?;
        let (space, task, hero): (Uuid, Uuid, Uuid) =
            (found.get("space_id"), found.get("task_id"), found.get("space_id"));
        let mut shape = Self::default();
        for (prefix, entity, event_type) in [
            ("created", task, "task.created"),
            ("completed", task, "task.completed"),
            ("rewarded", hero, "hero.rewarded"),
        ] {
            let row = served.query_one(include_str!("sql/event.sql"), &[&space, &entity, &event_type]).await?;
            shape.keep(prefix, &row);
        }
        for (table, key, id) in [("tasks", "id", task), ("heroes", "id", hero), ("days", "entity_id", hero)] {
            let columns = columns(served, table).await?;
            let row = served.query_one(&select(table, key, &columns), &[&space, &id]).await?;
            shape.keep(table, &row);
            shape.columns.insert(table, columns);
        }
        Ok(shape)
    }

    fn keep(&mut self, prefix: &str, row: &Row) {
        for (index, column) in row.columns().iter().enumerate() {
            self.values.insert(format!("{prefix}_{}", column.name()), row.get(index));
        }
    }

    /// The names that are bound; NULLs are written out.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name.as_str())
    }

    /// Puts the values where every client of pgbench finds them at its start.
    pub(super) async fn store(&self, bare: &Client) -> Result<(), Failure> {
        let columns: Vec<String> = self.names().map(|name| format!("{name} text NOT NULL")).collect();
        bare.batch_execute(&format!("CREATE TABLE bench_shape ({})", columns.join(", "))).await?;
        let places: Vec<String> = (1..=columns.len()).map(|number| format!("${number}")).collect();
        let insert = format!("INSERT INTO bench_shape VALUES ({})", places.join(", "));
        let values: Vec<&String> = self.values.values().flatten().collect();
        bare.execute_raw(&insert, values).await?;
        Ok(())
    }
}

async fn columns(client: &Client, table: &str) -> Result<Vec<Column>, Failure> {
    let rows = client.query(include_str!("sql/columns.sql"), &[&table]).await?;
    Ok(rows.iter().map(|row| Column { name: row.get("name"), kind: row.get("kind") }).collect())
}

fn select(table: &str, key: &str, columns: &[Column]) -> String {
    let texts: Vec<String> = columns.iter().map(|Column { name, .. }| format!("{name}::text AS {name}")).collect();
    format!("SELECT {} FROM {table} WHERE space_id = $1 AND {key} = $2", texts.join(", "))
}
