//! The entry that says that somebody looked at something of an account.

use application::fault::Fault;
use application::identity::Act;
use application::identity::admin::Order;
use deadpool_postgres::Pool;
use serde_json::json;

use super::super::{fault, record};
use super::{entry, target};

/// Logs the look; whether there is such an account.
pub(super) async fn looked(pool: &Pool, order: Order, what: &'static str) -> Result<bool, Fault> {
    let failed = |error| fault::of_statement("looked", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    if target::hold(&transaction, order, false).await?.is_err() {
        return Ok(false);
    }
    record::record(&transaction, &entry(order, Act::LookedAt, json!({ "what": what }))).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(true)
}
