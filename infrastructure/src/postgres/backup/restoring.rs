//! Whether a database is empty, and the restore that it is in the middle of.

use application::fault::Fault;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::super::fault::{read, write};

/// The table of the restore that has not ended.
const RESTORES: &str = "restores";
/// Tables that any schema has and that nothing but somebody's things fill.
const TELLING: &[&str] = &["heads", "accounts", "events"];

/// A restore that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restoring {
    /// Of which backup.
    pub name: String,
    /// What its manifest hashes to.
    pub sha256: String,
    /// The life of the logs in it.
    pub epoch: Uuid,
}

/// The restore that the database is in the middle of.
///
/// # Errors
/// The database failed.
pub async fn restoring(client: &impl GenericClient) -> Result<Option<Restoring>, Fault> {
    let row = client.query_opt(include_str!("../sql/backup/restoring.sql"), &[]).await;
    let restoring = |row: tokio_postgres::Row| Restoring {
        name: row.get("name"),
        sha256: row.get("sha256"),
        epoch: row.get("epoch"),
    };
    Ok(row.map_err(|error| read(&error))?.map(restoring))
}

/// Whether nobody's things are here.
///
/// # Errors
/// The database failed.
pub async fn is_empty(client: &impl GenericClient) -> Result<bool, Fault> {
    let row = client.query_one(include_str!("../sql/backup/is_empty.sql"), &[]).await;
    Ok(row.map_err(|error| read(&error))?.get("is_empty"))
}

/// Whether a database with a schema that may be an older one, or none, holds somebody's things that no restore has brought.
///
/// # Errors
/// The database failed.
pub async fn is_taken(client: &impl GenericClient) -> Result<bool, Fault> {
    let names = [&[RESTORES][..], TELLING].concat();
    let there = client.query(include_str!("../sql/log_copy/tables_there.sql"), &[&names]).await;
    let there = there.map_err(|error| read(&error))?;
    let mut filled = Vec::new();
    for row in &there {
        let table: &str = row.get("name");
        let sql = include_str!("../sql/backup/has_rows.sql").replace("{table}", table);
        if client.query_one(&sql, &[]).await.map_err(|error| read(&error))?.get("has_rows") {
            filled.push(table);
        }
    }
    Ok(!filled.is_empty() && !filled.contains(&RESTORES))
}

/// A restore begins if nobody's things are here, and one that has begun stays: the one that the database is in the middle of now;
/// none: it is not empty any more.
///
/// # Errors
/// The database failed.
pub async fn begin(client: &impl GenericClient, wanted: &Restoring, now_ms: i64) -> Result<Option<Restoring>, Fault> {
    let Restoring { name, sha256, epoch } = wanted;
    let sql = include_str!("../sql/backup/restore_begin.sql");
    client.execute(sql, &[name, sha256, epoch, &now_ms]).await.map_err(|error| write(&error))?;
    restoring(client).await
}

/// It has ended.
///
/// # Errors
/// The database failed.
pub async fn end(client: &impl GenericClient, restoring: &Restoring) -> Result<(), Fault> {
    let sql = include_str!("../sql/backup/restore_end.sql");
    client.execute(sql, &[&restoring.sha256]).await.map(drop).map_err(|error| write(&error))
}
