//! A new account with everything it begins with.

use application::fault::Fault;
use application::identity::{Act, Entry, Registered, Registration};
use deadpool_postgres::Pool;
use tokio_postgres::error::SqlState;

use super::{fault, post, record};

const REGISTER: &str = include_str!("../sql/directory/register.sql");

/// Writes the account, or nothing when the address is taken.
pub(super) async fn register(pool: &Pool, registration: Registration) -> Result<Registered, Fault> {
    let failed = |error| fault::of_statement("register", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let statement = transaction.prepare_cached(REGISTER).await.map_err(failed)?;
    let Registration { account, email, password_hash, role, time_zone, names, letter, opening } = registration;
    let written = transaction
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
                &names.first,
                &names.last,
            ],
        )
        .await;
    match written {
        Ok(_) => {}
        Err(error) if is_taken(&error) => return Ok(Registered::EmailTaken),
        Err(error) => return Err(failed(error)),
    }
    let entry = Entry::by_oneself(account, Act::Registered, opening.place, opening.now_ms);
    let entry = Entry { session: Some(opening.session), device: Some(opening.device.id), ..entry };
    record::record(&transaction, &entry).await?;
    post::post(&transaction, &letter).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(Registered::Done)
}

/// Only the key of the addresses means "taken"; any other duplicate is a fault.
pub(super) fn is_taken(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::UNIQUE_VIOLATION)
        && error.as_db_error().and_then(|error| error.constraint()) == Some("accounts_email")
}
