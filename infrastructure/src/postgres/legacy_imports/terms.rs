//! On which terms accounts of the legacy system come: who stays away, and what was promised to those who wish to leave.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use application::identity::limits::DELETION_GRACE_DAYS;
use domain::id::AccountId;

/// On which terms accounts come.
#[derive(Debug)]
pub struct Terms {
    /// Accounts that were erased here, also when this database knows nothing of it any more.
    pub erased: HashSet<AccountId>,
    /// Days that whoever wishes to be deleted has to take that back.
    pub grace_days: i64,
    /// Addresses of accounts that would come, in small letters, by whose they are.
    addresses: Mutex<HashMap<String, AccountId>>,
}

impl Default for Terms {
    fn default() -> Self {
        Self::new(HashSet::new(), DELETION_GRACE_DAYS)
    }
}

impl Terms {
    /// These accounts stay away, and whoever wishes to be deleted has so many days.
    pub fn new(erased: HashSet<AccountId>, grace_days: i64) -> Self {
        Self { erased, grace_days, addresses: Mutex::default() }
    }

    /// Whether an account is the first that comes with an address, whatever the case of its letters. What is written
    /// shows that by itself; an attempt that writes nothing has to remember it.
    pub(super) fn claims(&self, id: AccountId, email: &str) -> bool {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        *addresses.entry(email.to_lowercase()).or_insert(id) == id
    }
}
