//! Which spaces there are, and whether they are as they were.

use application::fault::Fault;
use domain::id::SpaceId;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::super::fault::read;

/// Heads that one statement reads.
const HEADS_MAX: i64 = 500;

/// A space at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Which.
    pub space: SpaceId,
    /// Its last position.
    pub position: i64,
    /// What its head, its devices and its rows without events hash to.
    pub digest: String,
}

/// The next spaces after one; none after the last.
///
/// # Errors
/// The database failed.
pub async fn page(client: &impl GenericClient, after: Option<SpaceId>) -> Result<Vec<Glance>, Fault> {
    let after = after.map_or(Uuid::nil(), |space| space.0);
    let rows = client.query(include_str!("../sql/backup/heads.sql"), &[&after, &HEADS_MAX]).await;
    let glance = |row: &tokio_postgres::Row| Glance {
        space: SpaceId(row.get("space_id")),
        position: row.get("position"),
        digest: row.get("digest"),
    };
    Ok(rows.map_err(|error| read(&error))?.iter().map(glance).collect())
}

/// The life of the logs, and the one before it.
///
/// # Errors
/// The database failed.
pub async fn lives(client: &impl GenericClient) -> Result<(Uuid, Option<Uuid>), Fault> {
    let row = client.query_one(include_str!("../sql/backup/lives.sql"), &[]).await.map_err(|error| read(&error))?;
    Ok((row.get("epoch"), row.get("epoch_before")))
}
