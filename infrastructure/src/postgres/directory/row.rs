//! From a row of `accounts` to an account.

use application::fault::Fault;
use application::identity::{Account, Role};
use domain::id::AccountId;
use tokio_postgres::Row;

/// The account in a row that names `account_id, email, role, time_zone, erase_after`.
pub(super) fn account(row: &Row) -> Result<Account, Fault> {
    Ok(Account {
        id: AccountId(row.try_get("account_id").map_err(|error| unreadable(&error))?),
        email: row.try_get("email").map_err(|error| unreadable(&error))?,
        role: role(row)?,
        time_zone: row.try_get("time_zone").map_err(|error| unreadable(&error))?,
        erase_after: row.try_get("erase_after").map_err(|error| unreadable(&error))?,
    })
}

/// The role in a row that names `role`.
pub(super) fn role(row: &Row) -> Result<Role, Fault> {
    let role: &str = row.try_get("role").map_err(|error| unreadable(&error))?;
    Role::from_name(role).ok_or_else(|| Fault::Refused("an account has an unknown role".to_owned()))
}

/// A column is not what the statement promised.
pub(super) fn unreadable(error: &tokio_postgres::Error) -> Fault {
    Fault::Refused(format!("a row of the directory cannot be read: {error}"))
}
