//! The exports that are being answered: a few at once on a node, and one of each account, because whoever reads slowly keeps
//! its turn for long.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::id::AccountId;
use infrastructure::turns::{Turn, Turns};

use crate::problem::{Code, Problem};

/// Exports that may wait for their turn.
const WAITING_MAX: usize = 32;
/// How long an account should wait for its own export.
const RETRY_MS: u64 = 5_000;

/// The exports that are being answered. Clones share them.
#[derive(Clone, Debug)]
pub struct Exports {
    turns: Turns,
    accounts: Arc<Mutex<HashSet<AccountId>>>,
}

/// One export; dropping it ends it.
#[derive(Debug)]
pub struct RunningExport {
    _turn: Turn,
    _place: AccountPlace,
}

#[derive(Debug)]
struct AccountPlace {
    exports: Exports,
    account: AccountId,
}

impl Exports {
    /// At most `running_max` at once.
    pub fn new(running_max: usize) -> Self {
        Self { turns: Turns::new("export", running_max, WAITING_MAX), accounts: Arc::default() }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `busy`: one of this account is running or waiting, or too many of others are.
    pub async fn begin(&self, account: AccountId) -> Result<RunningExport, Problem> {
        if !self.lock().insert(account) {
            let detail = "An export of this account is running. Take its answer to the end, or end it.";
            return Err(Problem::new(Code::Busy).detail(detail).retry_after_ms(RETRY_MS));
        }
        let place = AccountPlace { exports: self.clone(), account };
        Ok(RunningExport { _turn: self.turns.take().await?, _place: place })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<AccountId>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for AccountPlace {
    fn drop(&mut self) {
        self.exports.lock().remove(&self.account);
    }
}
