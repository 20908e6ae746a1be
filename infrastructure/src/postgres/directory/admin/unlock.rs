//! An account is let in again.

use application::fault::Fault;
use application::identity::Act;
use application::identity::admin::{Done, Order};
use deadpool_postgres::Pool;
use serde_json::json;

use super::super::{fault, record};
use super::{entry, target};

const LOCK: &str = include_str!("../../sql/directory/admin/lock.sql");

/// Unlocks it.
pub(super) async fn unlock(pool: &Pool, order: Order) -> Result<Done, Fault> {
    let failed = |error| fault::of_statement("unlock", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let target = match target::hold(&transaction, order, false).await? {
        Ok(target) => target,
        Err(done) => return Ok(done),
    };
    if target.locked {
        let statement = transaction.prepare_cached(LOCK).await.map_err(failed)?;
        transaction.execute(&statement, &[&order.account.0, &None::<i64>]).await.map_err(failed)?;
        record::record(&transaction, &entry(order, Act::Unlocked, json!({}))).await?;
    }
    transaction.commit().await.map_err(failed)?;
    Ok(Done::Done(Vec::new()))
}
