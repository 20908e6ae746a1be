//! What an account may do at this moment: its role, and whether it is kept out. In one look, so that a locked admin is refused on
//! every node at once, before that node has heard that the sessions have ended.

use application::fault::Fault;
use application::identity::Authority;
use deadpool_postgres::Pool;
use domain::id::AccountId;

use super::{fault, row};

const AUTHORITY: &str = include_str!("../sql/directory/authority.sql");

/// What it may do, if there is such an account.
pub(super) async fn authority(pool: &Pool, id: AccountId) -> Result<Option<Authority>, Fault> {
    let failed = |error| fault::of_statement("authority", &error);
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(AUTHORITY).await.map_err(failed)?;
    let Some(found) = client.query_opt(&statement, &[&id.0]).await.map_err(failed)? else { return Ok(None) };
    let is_locked = found.try_get("is_locked").map_err(|error| row::unreadable(&error))?;
    Ok(Some(Authority { role: row::role(&found)?, is_locked }))
}
