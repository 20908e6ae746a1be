//! The wish to be deleted, called off.

use application::fault::Fault;
use application::identity::{Act, Actor, Cancelled, Entry, Place};
use deadpool_postgres::{Pool, Transaction};
use domain::id::AccountId;

use super::super::{fault, record};

const CANCEL: &str = include_str!("../../sql/directory/life/cancel.sql");
const PRESENT: &str = include_str!("../../sql/directory/life/present.sql");

/// Takes the date away and logs it, if there was one.
pub(super) async fn cancel(pool: &Pool, account: AccountId, now_ms: i64, place: &Place) -> Result<Cancelled, Fault> {
    let failed = |error| fault::of_statement("cancel", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let cancelled = within(&transaction, account, now_ms, Actor::Oneself, place).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(cancelled)
}

/// The same, within the transaction of an act.
pub(in super::super) async fn within(
    transaction: &Transaction<'_>,
    account: AccountId,
    now_ms: i64,
    by: Actor,
    place: &Place,
) -> Result<Cancelled, Fault> {
    let failed = |error| fault::of_statement("cancel", &error);
    let statement = transaction.prepare_cached(CANCEL).await.map_err(failed)?;
    if transaction.execute(&statement, &[&account.0]).await.map_err(failed)? == 0 {
        // No date: never asked for, or its erasure has begun.
        let statement = transaction.prepare_cached(PRESENT).await.map_err(failed)?;
        let there = transaction.query_opt(&statement, &[&account.0]).await.map_err(failed)?.is_some();
        return Ok(if there { Cancelled::Done } else { Cancelled::TooLate });
    }
    let entry = Entry::by_oneself(account, Act::DeletionCancelled, place.clone(), now_ms);
    record::record(transaction, &Entry { actor: by, ..entry }).await?;
    Ok(Cancelled::Done)
}
