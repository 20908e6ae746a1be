//! Everything else that may speak of the value: receipts, dead letters, names of restore points, and every document of a
//! table that has a space.

use application::fault::Fault;
use application::redact::{Order, Places};
use deadpool_postgres::Transaction;
use domain::entity::Kind;
use domain::redaction::Veil;
use serde_json::Value;

use super::place::Column;
use super::{activity, failed};

/// Columns of text in which people speak, by table. Other columns of text hold names that the program gives; documents are
/// found by the catalog. What is folded from the log has no part in this: there only the entity's own rows say the value.
pub const SPOKEN: &[(&str, &str)] = &[("rejections", "problem"), ("rejections", "sent"), ("restore_points", "name")];

/// The type of documents.
const DOCUMENT: &str = "jsonb";
/// Rows that are looked at at once.
const ROWS_MAX: i64 = 500;

/// Covers the value in all of them.
pub(super) async fn take_out(transaction: &Transaction<'_>, order: &Order, places: &mut Places) -> Result<(), Fault> {
    let veil = order.redaction.veil();
    for column in columns(transaction).await? {
        let found = of_column(transaction, order, &veil, &column).await?;
        if found > 0 {
            *places.rows.entry(column.table).or_default() += found;
        }
    }
    Ok(())
}

async fn columns(transaction: &Transaction<'_>) -> Result<Vec<Column>, Fault> {
    let folded = Kind::ALL.iter().map(|kind| kind.table());
    let apart: Vec<&str> = folded.chain(["events", "heads", "days", activity::TABLE]).collect();
    let documents = transaction.query(include_str!("../sql/redact/documents.sql"), &[&apart]).await;
    let documents = documents.map_err(|error| failed(&error))?;
    let documents =
        documents.iter().map(|row| Column { table: row.get("name"), name: row.get("column"), kind: DOCUMENT });
    let texts = SPOKEN.iter().map(|(table, column)| Column {
        table: (*table).to_owned(),
        name: (*column).to_owned(),
        kind: "text",
    });
    Ok(documents.chain(texts).collect())
}

async fn of_column(transaction: &Transaction<'_>, order: &Order, veil: &Veil, column: &Column) -> Result<u64, Fault> {
    let (spoken, cover) = (include_str!("../sql/redact/spoken.sql"), include_str!("../sql/redact/cover.sql"));
    let (spoken, cover) = (column.fill(spoken), column.fill(cover));
    let traces = veil.traces();
    let (mut found, mut others) = (0, 0_i64);
    loop {
        let rows = transaction.query(&spoken, &[&order.space.0, &traces, &others, &ROWS_MAX]).await;
        let rows = rows.map_err(|error| failed(&error))?;
        for row in &rows {
            let mut said: String = row.get("said");
            if !covered(veil, column, &mut said) {
                others += 1;
                continue;
            }
            let place: &str = row.get("place");
            let written = transaction.execute(&cover, &[&order.space.0, &place, &said]).await;
            found += written.map_err(|error| failed(&error))?;
        }
        if (rows.len() as i64) < ROWS_MAX {
            return Ok(found);
        }
    }
}

/// Covers the value in what a column says. A document may be a single text in quotes.
fn covered(veil: &Veil, column: &Column, said: &mut String) -> bool {
    if column.kind != DOCUMENT {
        return veil.cover_text(said);
    }
    let Ok(mut document) = serde_json::from_str::<Value>(said) else { return false };
    let found = veil.cover(&mut document);
    if found {
        *said = document.to_string();
    }
    found
}
