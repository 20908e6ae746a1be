//! What was found to differ, kept with its rebuild: which row and which columns, not what people wrote in them.

use application::fault::Fault;
use application::rebuild::{Difference, How};
use domain::id::SpaceId;
use serde_json::json;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::super::fault::{read, write};

/// Differences that are kept of one rebuild, about; all are counted.
const KEPT_MAX: i64 = 10_000;

/// A difference that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The space.
    pub space: SpaceId,
    /// The table.
    pub table: String,
    /// The row's key, beside the space.
    pub key: String,
    /// `missing`, `surplus` or `columns`.
    pub how: String,
    /// The columns that differed.
    pub columns: Vec<String>,
}

/// Counts and keeps what a pass found, in its own transaction: what is switched is told once, however often it is killed.
pub(super) async fn note(
    transaction: &Transaction<'_>,
    rebuild: Uuid,
    space: SpaceId,
    found: &[Difference],
) -> Result<(), Fault> {
    let tables: Vec<&str> = found.iter().map(|one| one.table).collect();
    let keys: Vec<&str> = found.iter().map(|one| one.key.as_str()).collect();
    let (hows, columns): (Vec<&str>, Vec<String>) = found.iter().map(|one| described(&one.how)).unzip();
    let sql = include_str!("../sql/rebuild/note_differences.sql");
    let noted = transaction.execute(sql, &[&rebuild, &space.0, &tables, &keys, &hows, &columns, &KEPT_MAX]).await;
    noted.map_err(|error| write(&error))?;
    Ok(())
}

/// What was kept of a rebuild, at most so much.
pub(super) async fn kept(client: &impl GenericClient, rebuild: Uuid, rows_max: i64) -> Result<Vec<Kept>, Fault> {
    let rows = client.query(include_str!("../sql/rebuild/differences.sql"), &[&rebuild, &rows_max]).await;
    let row = |row: &tokio_postgres::Row| Kept {
        space: SpaceId(row.get("space_id")),
        table: row.get("table_name"),
        key: row.get("key"),
        how: row.get("how"),
        columns: row.get("columns"),
    };
    Ok(rows.map_err(|error| read(&error))?.iter().map(row).collect())
}

fn described(how: &How) -> (&'static str, String) {
    match how {
        How::Missing => ("missing", "[]".to_owned()),
        How::Surplus => ("surplus", "[]".to_owned()),
        How::Columns(columns) => {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            ("columns", json!(names).to_string())
        }
    }
}
