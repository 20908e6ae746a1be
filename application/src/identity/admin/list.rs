//! Accounts, page by page, as support looks for them.

use super::super::account::{Account, Role, Standing};
use super::super::failure::Failure;
use super::super::security_log::Actor;
use super::port::Administration;

/// Which accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// Those whose address begins so, whatever its case.
    pub beginning: String,
    /// Those with this role.
    pub role: Option<Role>,
    /// Those that stand so.
    pub stand: Option<Stand>,
    /// Those behind this address, in small letters.
    pub behind: Option<String>,
    /// So many at most.
    pub rows: i64,
}

/// How an account may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// An admin keeps it out.
    Locked,
    /// It is to be erased.
    Leaving,
    /// Its address is not proven.
    Unproven,
}

/// An account in a list.
#[derive(Clone)]
pub struct AccountLine {
    /// Who.
    pub account: Account,
    /// When it was made, ms.
    pub created_at: i64,
    /// Whether it may sign in.
    pub standing: Standing,
}

/// The accounts by address. That somebody looked through them is logged, about no account: a list tells no more of one than
/// that it is there.
pub async fn list(
    directory: &impl Administration,
    sought: &Sought,
    by: Actor,
    at: i64,
) -> Result<Vec<AccountLine>, Failure> {
    Ok(directory.list(sought, by, at).await?)
}
