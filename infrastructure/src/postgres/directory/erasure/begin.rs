//! The first step: nobody signs in, nobody writes, and a row says what is to be done. Everything after it may break off.

use application::fault::Fault;
use application::identity::Which;
use deadpool_postgres::Pool;
use domain::id::{AccountId, SessionId};
use domain::session::Because;

use super::super::revoke::revoke;
use super::super::{fault, row};
use super::statement::{execute, query};

/// Begins; which sessions that ended. `None` when nothing is there, or when it is not due and that matters.
pub(super) async fn begin(
    pool: &Pool,
    account: AccountId,
    now_ms: i64,
    only_if_due: bool,
) -> Result<Option<Vec<SessionId>>, Fault> {
    let failed = |error| fault::of_statement("begin", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    let held = include_str!("../../sql/erasure/hold.sql");
    let held = query(&tx, "hold", held, &[&account.0, &only_if_due, &now_ms]).await?;
    let requested_at = match held.first() {
        Some(row) => row.try_get::<_, Option<i64>>(0).map_err(|error| row::unreadable(&error))?,
        // A backup can bring back a space without its account.
        None if !only_if_due => {
            let head = query(&tx, "hold_head", include_str!("../../sql/erasure/hold_head.sql"), &[&account.0]).await?;
            if head.is_empty() {
                return Ok(None);
            }
            None
        }
        None => return Ok(None),
    };
    let ended = revoke(&tx, account, Which::All, Because::AccountDeleted, now_ms).await?;
    execute(&tx, "unmake", include_str!("../../sql/erasure/unmake.sql"), &[&account.0, &Some(now_ms)]).await?;
    execute(&tx, "drop_mails", include_str!("../../sql/erasure/drop_mails.sql"), &[&account.0]).await?;
    execute(&tx, "drop_tokens", include_str!("../../sql/erasure/drop_tokens.sql"), &[&account.0]).await?;
    let requested_at = requested_at.unwrap_or(now_ms);
    execute(&tx, "note", include_str!("../../sql/erasure/note.sql"), &[&account.0, &requested_at]).await?;
    execute(&tx, "bar", include_str!("../../sql/erasure/bar.sql"), &[&account.0]).await?;
    tx.commit().await.map_err(failed)?;
    Ok(Some(ended))
}
