//! The steps after the first: each deletes a few rows and commits.

use application::erase::Cleared;
use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::AccountId;

use super::super::fault;
use super::statement::query;
use super::tables::Table;
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
    let (of_space, of_account): (Vec<_>, Vec<_>) = Table::all(&tx).await?.into_iter().partition(Table::is_of_space);
    let mut left = ROWS_MAX;
    left -= space::clear(&tx, account, &of_space, left).await?;
    if left == ROWS_MAX {
        left -= account::clear(&tx, account, &of_account, left).await?;
    }
    let cleared = if left == ROWS_MAX {
        account::finish(&tx, account, now_ms).await?;
        Cleared::Finished
    } else {
        Cleared::More
    };
    tx.commit().await.map_err(failed)?;
    Ok(cleared)
}
