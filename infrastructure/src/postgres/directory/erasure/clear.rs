//! The steps after the first: each deletes a few rows and commits.

use application::erase::Cleared;
use application::fault::Fault;
use deadpool_postgres::{Pool, Transaction};
use domain::id::AccountId;

use super::super::fault;
use super::statement::query;
use super::tables::{Stop, Table};
use super::{ROWS_MAX, account, space};

/// The next step, whatever it is: first rows of the space, then its head, then rows of the account, then the account.
pub(super) async fn clear(pool: &Pool, account: AccountId, now_ms: i64) -> Result<Cleared, Fault> {
    let failed = |error| fault::of_statement("clear", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    let claimed = query(&tx, "claim", include_str!("../../sql/erasure/claim.sql"), &[&account.0]).await?;
    if claimed.is_empty() {
        let done = query(&tx, "finished", include_str!("../../sql/erasure/finished.sql"), &[&account.0]).await?;
        return Ok(if done.is_empty() { Cleared::Elsewhere } else { Cleared::Finished });
    }
    match step(&tx, account, now_ms).await {
        Ok(cleared) => {
            tx.commit().await.map_err(failed)?;
            Ok(cleared)
        }
        // This transaction is lost; the next one sees which tables there are now.
        Err(Stop::Vanished) => Ok(Cleared::More),
        Err(Stop::Fault(fault)) => Err(fault),
    }
}

async fn step(tx: &Transaction<'_>, account: AccountId, now_ms: i64) -> Result<Cleared, Stop> {
    let (of_space, of_account): (Vec<_>, Vec<_>) = Table::all(tx).await?.into_iter().partition(Table::is_of_space);
    if space::clear(tx, account, &of_space, ROWS_MAX).await? > 0 {
        return Ok(Cleared::More);
    }
    if account::clear(tx, account, &of_account, ROWS_MAX).await? > 0 {
        return Ok(Cleared::More);
    }
    account::finish(tx, account, now_ms).await?;
    Ok(Cleared::Finished)
}
