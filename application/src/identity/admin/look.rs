//! Support looks at an account.

use super::super::failure::{Failure, Refusal};
use super::super::security_log::Actor;
use super::file::AccountFile;
use super::port::{Administration, Order, Whose};

/// What there is to see of an account. The account can read in its log who looked and when.
pub async fn look(directory: &impl Administration, which: Whose, by: Actor, at: i64) -> Result<AccountFile, Failure> {
    Ok(directory.look(which, by, at).await?.ok_or(Refusal::AccountUnknown)?)
}

/// Logs a look at something of an account that is read elsewhere. Nothing is to be shown whose look was not logged.
pub async fn look_at(directory: &impl Administration, order: Order, what: &'static str) -> Result<(), Failure> {
    if directory.looked(order, what).await? { Ok(()) } else { Err(Refusal::AccountUnknown.into()) }
}
