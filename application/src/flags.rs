//! Flags, as admins set them: made and changed on the version that was seen, and logged with what they were.

mod port;

use domain::flag::{FLAG_ACCOUNTS_MAX, FLAG_DESCRIPTION_CHARS_MAX, FLAGS_MAX, Flag, is_flag_name};

use crate::fault::Fault;
use crate::identity::Actor;

pub use port::{Flags, Put, Removed, SetFlag};

/// The flag of the accounts that are served here, while accounts move from the legacy server to this one.
pub const SERVED_HERE: &str = "new_backend";

/// Why a flag is not set or removed.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// No name that a flag can have.
    Name,
    /// More than 100.
    Percentage,
    /// Too long, or with control characters.
    Description,
    /// More accounts on a list (this one) than there may be.
    Accounts(&'static str),
    /// As many flags as there may be.
    Full,
    /// There is no such flag.
    Unknown,
    /// Somebody else changed it meanwhile; it is of this version now, or gone.
    Changed(Option<i64>),
    /// The store failed.
    Fault(Fault),
}

/// A flag as it is to be.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What decides for whom it is on.
    pub flag: Flag,
    /// What it is for.
    pub description: String,
    /// The version that was seen; none: there must be no such flag yet.
    pub seen: Option<i64>,
    /// By whom.
    pub by: Actor,
    /// When, Unix ms.
    pub at: i64,
}

/// Makes or changes a flag; as it is then.
///
/// # Errors
/// See [`Refused`].
pub async fn set(store: &impl Flags, wish: Wish) -> Result<SetFlag, Refused> {
    check(&wish)?;
    match store.put(&wish, FLAGS_MAX).await? {
        Put::Done(flag) => Ok(flag),
        Put::Changed(version) => Err(Refused::Changed(version)),
        Put::Full => Err(Refused::Full),
    }
}

/// Removes a flag.
///
/// # Errors
/// See [`Refused`].
pub async fn remove(store: &impl Flags, name: &str, seen: i64, by: Actor, at: i64) -> Result<(), Refused> {
    if !is_flag_name(name) {
        return Err(Refused::Unknown);
    }
    match store.remove(name, seen, by, at).await? {
        Removed::Done => Ok(()),
        Removed::Unknown => Err(Refused::Unknown),
        Removed::Changed(version) => Err(Refused::Changed(Some(version))),
    }
}

fn check(wish: &Wish) -> Result<(), Refused> {
    let Flag { name, percentage, allowed, denied, .. } = &wish.flag;
    if !is_flag_name(name) {
        return Err(Refused::Name);
    }
    if *percentage > 100 {
        return Err(Refused::Percentage);
    }
    if wish.description.chars().count() > FLAG_DESCRIPTION_CHARS_MAX || wish.description.chars().any(char::is_control) {
        return Err(Refused::Description);
    }
    for (list, accounts) in [("allow", allowed), ("deny", denied)] {
        if accounts.len() > FLAG_ACCOUNTS_MAX {
            return Err(Refused::Accounts(list));
        }
    }
    Ok(())
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
