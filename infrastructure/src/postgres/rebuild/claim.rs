//! One rebuild of a database at a time. The place is held by the session: whoever dies gives it up with its connection,
//! so nothing has to be cleared by hand and no clock is asked.

use application::fault::Fault;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::super::fault::{read, write};
use super::RebuildError;

/// Two first rebuilds at once trip over each other's schema; the next attempt finds it made.
const ATTEMPTS_MAX: usize = 5;

/// Takes the place for this session.
///
/// # Errors
/// `Running` when another session holds it.
pub(super) async fn claim(client: &Client) -> Result<(), RebuildError> {
    let mut claimed = attempt(client).await;
    for _ in 1..ATTEMPTS_MAX {
        match &claimed {
            Err(error) if error.code().is_some_and(met_another) => claimed = attempt(client).await,
            _ => break,
        }
    }
    if claimed.map_err(|error| write(&error))? {
        return Ok(());
    }
    let holder =
        client.query_opt(include_str!("../sql/rebuild/holder.sql"), &[]).await.map_err(|error| read(&error))?;
    Err(RebuildError::Running { pid: holder.map(|row| row.get("pid")).unwrap_or_default() })
}

/// Gives the place back.
pub(super) async fn release(client: &Client) -> Result<(), Fault> {
    client.execute(include_str!("../sql/rebuild/release.sql"), &[]).await.map_err(|error| write(&error))?;
    Ok(())
}

async fn attempt(client: &Client) -> Result<bool, tokio_postgres::Error> {
    client.batch_execute(include_str!("../sql/rebuild/schema.sql")).await?;
    client.batch_execute(include_str!("../sql/rebuild/running.sql")).await?;
    Ok(client.query_opt(include_str!("../sql/rebuild/claim.sql"), &[]).await?.is_some())
}

fn met_another(code: &SqlState) -> bool {
    [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_SCHEMA, SqlState::DUPLICATE_TABLE].contains(code)
}
