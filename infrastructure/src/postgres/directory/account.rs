//! An account by its id.

use application::fault::Fault;
use application::identity::Account;
use deadpool_postgres::Pool;
use domain::id::AccountId;

use super::{fault, row};

const ACCOUNT: &str = include_str!("../sql/directory/account.sql");

/// The account, if there is one.
pub(super) async fn account(pool: &Pool, id: AccountId) -> Result<Option<Account>, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(ACCOUNT).await.map_err(|e| fault::of_statement("account", &e))?;
    let found = client.query_opt(&statement, &[&id.0]).await.map_err(|e| fault::of_statement("account", &e))?;
    found.map(|found| row::account(&found)).transpose()
}
