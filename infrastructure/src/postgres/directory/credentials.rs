//! What a login is checked against.

use application::fault::Fault;
use application::identity::{Credentials, Email, Standing};
use deadpool_postgres::Pool;

use super::{fault, row};

const CREDENTIALS: &str = include_str!("../sql/directory/credentials.sql");

/// The account of an address, without case, with its password hash.
pub(super) async fn credentials(pool: &Pool, email: &Email) -> Result<Option<Credentials>, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(CREDENTIALS).await.map_err(|e| fault::of_statement("credentials", &e))?;
    let found =
        client.query_opt(&statement, &[&email.as_str()]).await.map_err(|e| fault::of_statement("credentials", &e))?;
    let Some(found) = found else { return Ok(None) };
    let password_hash = found.try_get("password_hash").map_err(|error| row::unreadable(&error))?;
    let moment = |name| found.try_get(name).map_err(|error| row::unreadable(&error));
    let standing = Standing { verified_at: moment("verified_at")?, locked_at: moment("locked_at")? };
    Ok(Some(Credentials { account: row::account(&found)?, password_hash, standing }))
}
