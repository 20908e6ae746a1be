//! Whether values were taken out of logs while these were read.

use application::fault::Fault;
use tokio_postgres::GenericClient;

use super::super::fault::read;

/// The revision of the last change.
///
/// # Errors
/// The database failed.
pub async fn revision(client: &impl GenericClient) -> Result<i64, Fault> {
    let row = client.query_one(include_str!("../sql/redact/newest.sql"), &[]).await;
    Ok(row.map_err(|error| read(&error))?.get("revision"))
}

/// Whether a value was taken out since.
///
/// # Errors
/// The database failed.
pub async fn since(client: &impl GenericClient, revision: i64) -> Result<bool, Fault> {
    let row = client.query_one(include_str!("../sql/backup/redacted.sql"), &[&revision]).await;
    Ok(row.map_err(|error| read(&error))?.get("redacted"))
}
