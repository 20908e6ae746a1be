//! An account that an operator makes.

use application::fault::Fault;
use application::identity::admin::{NewAccount, Order};
use application::identity::{Act, Actor, Registered};
use deadpool_postgres::Pool;
use serde_json::json;

use super::super::{fault, record, register};
use super::entry;

const CREATE: &str = include_str!("../../sql/directory/admin/create.sql");

/// Writes the account, or nothing when the address is taken.
pub(super) async fn create(pool: &Pool, new: NewAccount) -> Result<Registered, Fault> {
    let failed = |error| fault::of_statement("create", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let statement = transaction.prepare_cached(CREATE).await.map_err(failed)?;
    let NewAccount { id, email, password_hash, role, time_zone, at } = new;
    let written = transaction
        .execute(&statement, &[&id.0, &email.as_str(), &password_hash, &role.as_str(), &time_zone, &at])
        .await;
    match written {
        Err(error) if register::is_taken(&error) => return Ok(Registered::EmailTaken),
        written => drop(written.map_err(failed)?),
    }
    let order = Order { account: id, by: Actor::Operator, at };
    record::record(&transaction, &entry(order, Act::Registered, json!({ "role": role.as_str() }))).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(Registered::Done)
}
