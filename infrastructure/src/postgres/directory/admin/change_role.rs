//! An account gets another role.

use application::fault::Fault;
use application::identity::admin::{Done, Order};
use application::identity::{Act, Role};
use deadpool_postgres::Pool;
use serde_json::json;

use super::super::{fault, record};
use super::{entry, target};

const CHANGE_ROLE: &str = include_str!("../../sql/directory/admin/change_role.sql");

/// Gives it the role. One that has it already is left as it is.
pub(super) async fn change_role(pool: &Pool, order: Order, role: Role) -> Result<Done, Fault> {
    let failed = |error| fault::of_statement("change_role", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let target = match target::hold(&transaction, order, role != Role::Admin).await? {
        Ok(target) => target,
        Err(done) => return Ok(done),
    };
    if target.role != Some(role) {
        let statement = transaction.prepare_cached(CHANGE_ROLE).await.map_err(failed)?;
        transaction.execute(&statement, &[&order.account.0, &role.as_str()]).await.map_err(failed)?;
        let about = json!({ "before": target.role.map(Role::as_str), "role": role.as_str() });
        record::record(&transaction, &entry(order, Act::RoleChanged, about)).await?;
    }
    transaction.commit().await.map_err(failed)?;
    Ok(Done::Done(Vec::new()))
}
