//! The rows of a space. The head is the last to go: while it is there, whoever writes under its lock is waited for.

use deadpool_postgres::Transaction;
use domain::id::AccountId;

use super::statement::{execute, query};
use super::tables::{Stop, Table, delete};

/// Deletes at most `rows_max` rows; how many there were. None: the space is gone.
pub(super) async fn clear(
    tx: &Transaction<'_>,
    account: AccountId,
    tables: &[Table],
    rows_max: i64,
) -> Result<i64, Stop> {
    let deleted = delete(tx, tables, account.0, rows_max).await?;
    if deleted > 0 {
        return Ok(deleted);
    }
    let head = query(tx, "hold_head", include_str!("../../sql/erasure/hold_head.sql"), &[&account.0]).await?;
    if head.is_empty() {
        return Ok(0);
    }
    // Under the lock once more: a rebuild that held it may have put rows back.
    let deleted = delete(tx, tables, account.0, rows_max).await?;
    if deleted >= rows_max {
        return Ok(deleted);
    }
    execute(tx, "drop_head", include_str!("../../sql/erasure/drop_head.sql"), &[&account.0]).await?;
    Ok(deleted + 1)
}
