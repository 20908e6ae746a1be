//! Proven addresses.

use application::fault::Fault;
use application::identity::{Act, Entry, MailDigest, Place, Purpose};
use deadpool_postgres::Pool;
use domain::id::AccountId;

use super::{fault, mail_token, record, row};

const SET_VERIFIED: &str = include_str!("../sql/directory/set_verified.sql");
const IS_VERIFIED: &str = include_str!("../sql/directory/is_verified.sql");

/// Uses the token up and takes the address as proven; `false` when the token is not good.
pub(super) async fn verify(pool: &Pool, token: MailDigest, place: Place, now_ms: i64) -> Result<bool, Fault> {
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    let Some(account) = mail_token::take(&tx, token, Purpose::EmailVerification, now_ms).await? else {
        return Ok(false);
    };
    let statement = tx.prepare_cached(SET_VERIFIED).await.map_err(failed)?;
    tx.execute(&statement, &[&account.0, &now_ms]).await.map_err(failed)?;
    let entry = Entry::by_oneself(account, Act::EmailVerified, place, now_ms);
    record::record(&tx, &entry).await?;
    tx.commit().await.map_err(failed)?;
    Ok(true)
}

/// Whether the address of an account is proven; that of nobody is not.
pub(super) async fn is_verified(pool: &Pool, account: AccountId) -> Result<bool, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(IS_VERIFIED).await.map_err(failed)?;
    let found = client.query_opt(&statement, &[&account.0]).await.map_err(failed)?;
    found.map_or(Ok(false), |row| row.try_get("verified")).map_err(|error| row::unreadable(&error))
}

fn failed(error: tokio_postgres::Error) -> Fault {
    fault::of_statement("verified", &error)
}
