//! The current rows of the entity and of the conflict about its field, and the shadows that a rebuild keeps of them.

use application::fault::Fault;
use application::redact::{Order, Places};
use deadpool_postgres::{GenericClient, Transaction};
use domain::entity::{EntityRef, Kind};
use domain::id::SpaceId;
use serde_json::Value;

use super::failed;

/// A row as a document.
pub(super) struct Found {
    pub(super) document: Value,
    pub(super) version: i64,
    pub(super) is_live: bool,
}

/// One row, with a clause behind the statement.
pub(super) async fn read_one(
    client: &impl GenericClient,
    table: &str,
    space: SpaceId,
    entity: EntityRef,
    lock: &str,
) -> Result<Option<Found>, Fault> {
    let sql = include_str!("../sql/redact/entity.sql").replace("{table}", table).replace("{lock}", lock);
    let found = client.query_opt(&sql, &[&space.0, &entity.id.0]).await.map_err(|error| failed(&error))?;
    Ok(found.map(|row| Found { document: row.get("entity"), version: row.get("version"), is_live: row.get("is_live") }))
}

/// Takes the value out of the rows of what is deleted; whether a row of something that is not shows it still. Those are changed
/// by a write, never here: their checksum is told to devices. A tombstone's is nothing, whatever it says.
pub(super) async fn take_out(transaction: &Transaction<'_>, order: &Order, places: &mut Places) -> Result<bool, Fault> {
    let mut shown = false;
    for entity in [order.redaction.entity, order.redaction.conflict] {
        let table = entity.kind.table();
        if let Some((found, is_live)) = of_table(transaction, order, entity, table).await? {
            places.rows.entry(table.to_owned()).and_modify(|rows| *rows += found).or_insert(found);
            shown |= is_live;
        }
        if has_shadow(transaction, table).await? {
            of_table(transaction, order, entity, &format!("rebuild.{table}")).await?;
        }
    }
    Ok(shown)
}

/// Whether a rebuild keeps a shadow of a table just now.
pub(super) async fn has_shadow(transaction: &Transaction<'_>, table: &str) -> Result<bool, Fault> {
    let there = transaction.query_one(include_str!("../sql/redact/shadow.sql"), &[&table]).await;
    Ok(there.map_err(|error| failed(&error))?.get("there"))
}

/// How many rows said it, if any did, and whether that is live.
async fn of_table(
    transaction: &Transaction<'_>,
    order: &Order,
    entity: EntityRef,
    table: &str,
) -> Result<Option<(u64, bool)>, Fault> {
    let found = read_one(transaction, table, order.space, entity, "FOR UPDATE").await?;
    let Some(mut found) = found else { return Ok(None) };
    if !order.redaction.in_row(&mut found.document, entity) {
        return Ok(None);
    }
    let columns: &[&str] = match entity.kind {
        Kind::Conflict => &["current", "others"],
        _ => &[&order.redaction.field, "stamps"],
    };
    let assignments: Vec<String> = columns.iter().map(|column| format!("{column} = n.{column}")).collect();
    let sql = include_str!("../sql/redact/row.sql").replace("{table}", table);
    let sql = sql.replace("{assignments}", &assignments.join(", "));
    let document = found.document.to_string();
    let written = transaction.execute(&sql, &[&order.space.0, &entity.id.0, &document]).await;
    Ok(Some((written.map_err(|error| failed(&error))?, found.is_live)))
}
