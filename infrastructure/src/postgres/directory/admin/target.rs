//! Whom something is done to, held until it is done.

use application::fault::Fault;
use application::identity::admin::{Done, Order};
use application::identity::{Actor, Role};
use deadpool_postgres::Transaction;
use domain::id::AccountId;
use uuid::Uuid;

use super::super::{fault, row};

const TARGET: &str = include_str!("../../sql/directory/admin/target.sql");
const ADMINS: &str = include_str!("../../sql/directory/admin/admins.sql");

/// An account, as it is while it is held.
pub(super) struct Target {
    /// What it may do; a role of a newer program is none that this one knows.
    pub(super) role: Option<Role>,
    /// Whether it is kept out.
    pub(super) locked: bool,
}

/// Holds the account; `Err` says why nothing is to be done. With `takes_an_admin`, an admin must not be the last.
pub(super) async fn hold(
    transaction: &Transaction<'_>,
    order: Order,
    takes_an_admin: bool,
) -> Result<Result<Target, Done>, Fault> {
    // Admins come first, in the order of their ids: whoever holds one of them waits for no other.
    let last_admin =
        takes_an_admin && matches!(order.by, Actor::Admin(_)) && is_last(transaction, order.account).await?;
    let failed = |error| fault::of_statement("target", &error);
    let statement = transaction.prepare_cached(TARGET).await.map_err(failed)?;
    let Some(found) = transaction.query_opt(&statement, &[&order.account.0]).await.map_err(failed)? else {
        return Ok(Err(Done::Unknown));
    };
    if last_admin {
        return Ok(Err(Done::LastAdmin));
    }
    let role: &str = found.try_get("role").map_err(|error| row::unreadable(&error))?;
    let locked_at: Option<i64> = found.try_get("locked_at").map_err(|error| row::unreadable(&error))?;
    Ok(Ok(Target { role: Role::from_name(role), locked: locked_at.is_some() }))
}

async fn is_last(transaction: &Transaction<'_>, account: AccountId) -> Result<bool, Fault> {
    let failed = |error| fault::of_statement("admins", &error);
    let statement = transaction.prepare_cached(ADMINS).await.map_err(failed)?;
    let admins = transaction.query(&statement, &[]).await.map_err(failed)?;
    let mut ids = admins.iter().map(|admin| admin.try_get::<_, Uuid>(0).map_err(|error| row::unreadable(&error)));
    Ok(admins.len() == 1 && ids.next().transpose()? == Some(account.0))
}
