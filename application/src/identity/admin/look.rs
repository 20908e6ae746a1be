//! Support looks at an account.

use super::super::failure::{Failure, Refusal};
use super::super::security_log::Actor;
use super::file::AccountFile;
use super::port::{Administration, Whose};

/// What there is to see of an account. The account can read in its log who looked and when.
pub async fn look(directory: &impl Administration, which: Whose, by: Actor, at: i64) -> Result<AccountFile, Failure> {
    Ok(directory.look(which, by, at).await?.ok_or(Refusal::AccountUnknown)?)
}
