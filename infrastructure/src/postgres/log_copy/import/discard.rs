//! What an import has left unfinished, taken away again. Only rows that nobody has seen go: a space with a head is none of
//! these.

use application::fault::Fault;
use domain::id::SpaceId;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::super::catalog::Catalog;
use super::super::super::fault::{read, write};
use super::ImportError;

/// Rows that one transaction deletes of a table.
const ROWS_MAX: i64 = 5_000;
/// Spaces that are listed at once.
const SPACES_MAX: i64 = 100;

/// Takes away what unfinished imports have left; of how many spaces that was.
///
/// # Errors
/// The database failed, or it was told to stop. The same call goes on.
pub async fn discard(client: &mut Client, stop: &CancellationToken) -> Result<u64, ImportError> {
    let catalog = Catalog::read(client).await.map_err(|error| read(&error))?;
    let mut spaces = 0;
    loop {
        let rows = client.query(include_str!("../../sql/log_copy/unfinished.sql"), &[&SPACES_MAX]).await;
        let rows = rows.map_err(|error| read(&error))?;
        if rows.is_empty() {
            return Ok(spaces);
        }
        for row in rows {
            if stop.is_cancelled() {
                return Err(ImportError::Interrupted);
            }
            one(client, &catalog, SpaceId(row.get::<_, Uuid>("space_id"))).await?;
            spaces += 1;
        }
    }
}

/// Takes away the rows of one space that is being imported.
pub(super) async fn one(client: &mut Client, catalog: &Catalog, space: SpaceId) -> Result<(), Fault> {
    let mut tables: Vec<&str> = catalog.entities.values().map(|table| table.name).collect();
    tables.extend([catalog.days.name, "receipts", "space_devices", "events"]);
    while !step(client, &tables, space).await? {}
    Ok(())
}

/// One transaction; whether it was the last.
async fn step(client: &mut Client, tables: &[&str], space: SpaceId) -> Result<bool, Fault> {
    let failed = |error: tokio_postgres::Error| write(&error);
    let transaction = client.transaction().await.map_err(failed)?;
    let held = transaction.query(include_str!("../../sql/log_copy/hold.sql"), &[&space.0]).await.map_err(failed)?;
    if held.is_empty() {
        // It has become whole, or somebody else took it away.
        return Ok(true);
    }
    let mut dropped = 0;
    for table in tables {
        let sql = include_str!("../../sql/log_copy/drop_rows.sql").replace("{table}", table);
        dropped += transaction.execute(&sql, &[&space.0, &ROWS_MAX]).await.map_err(failed)?;
    }
    if dropped == 0 {
        transaction.execute(include_str!("../../sql/log_copy/forget.sql"), &[&space.0]).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)?;
    Ok(dropped == 0)
}
