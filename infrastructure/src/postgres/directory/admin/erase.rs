//! An account is to be erased, or is not after all.

use application::fault::Fault;
use application::identity::admin::{Done, Order};
use application::identity::{Cancelled, Place, Scheduled};
use deadpool_postgres::Pool;

use super::super::fault;
use super::super::life::{cancel, schedule};
use super::target;

/// Sets the date. The last admin stays.
pub(super) async fn schedule(pool: &Pool, order: Order, erase_after: i64) -> Result<Result<Scheduled, Done>, Fault> {
    let failed = |error| fault::of_statement("schedule", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    if let Err(done) = target::hold(&transaction, order, true).await? {
        return Ok(Err(done));
    }
    let (when, place) = ((order.at, erase_after), Place::default());
    let scheduled = schedule::within(&transaction, order.account, when, order.by, &place).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(scheduled.ok_or(Done::Unknown))
}

/// Takes the date away.
pub(super) async fn cancel(pool: &Pool, order: Order) -> Result<Done, Fault> {
    let failed = |error| fault::of_statement("cancel", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let cancelled = cancel::within(&transaction, order.account, order.at, order.by, &Place::default()).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(match cancelled {
        Cancelled::Done => Done::Done(Vec::new()),
        Cancelled::TooLate => Done::Unknown,
    })
}
