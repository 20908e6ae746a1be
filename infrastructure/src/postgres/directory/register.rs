//! A new account with everything it begins with.

use application::fault::Fault;
use application::identity::{Registered, Registration};
use deadpool_postgres::Pool;
use tokio_postgres::error::SqlState;

use super::{fault, post};

const REGISTER: &str = include_str!("../sql/directory/register.sql");

/// Writes the account, or nothing when the address is taken.
pub(super) async fn register(pool: &Pool, registration: Registration) -> Result<Registered, Fault> {
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(|e| fault::of_statement("register", &e))?;
    let statement = tx.prepare_cached(REGISTER).await.map_err(|e| fault::of_statement("register", &e))?;
    let Registration { account, email, password_hash, role, time_zone, letter, opening } = registration;
    let written = tx
        .execute(
            &statement,
            &[
                &account.0,
                &email.as_str(),
                &password_hash,
                &role.as_str(),
                &time_zone,
                &opening.now_ms,
                &opening.device.id.0,
                &opening.device.platform.as_str(),
                &opening.device.name,
                &opening.device.push_token,
                &opening.session.0,
                &opening.refresh.digest.0.as_slice(),
                &opening.refresh.expires_at,
                &opening.place.network,
                &opening.place.app_version,
                &opening.csrf.as_ref().map(|csrf| csrf.0.as_slice()),
            ],
        )
        .await;
    match written {
        Ok(_) => {}
        Err(error) if is_taken(&error) => return Ok(Registered::EmailTaken),
        Err(error) => return Err(fault::of_statement("register", &error)),
    }
    post::post(&tx, &letter).await?;
    tx.commit().await.map_err(|e| fault::of_statement("register", &e))?;
    Ok(Registered::Done)
}

/// Only the key of the addresses means "taken"; any other duplicate is a fault.
pub(super) fn is_taken(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::UNIQUE_VIOLATION)
        && error.as_db_error().and_then(|error| error.constraint()) == Some("accounts_email")
}
