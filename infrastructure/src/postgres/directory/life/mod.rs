//! What an account goes through between its first day and its last.

pub(super) mod cancel;
mod refused;
mod renew_hash;
pub(super) mod schedule;

use application::fault::Fault;
use application::identity::{AccountLife, Actor, Cancelled, Place, Scheduled};
use domain::id::AccountId;
use tokio_util::sync::CancellationToken;

use super::PostgresDirectory;
pub(super) use refused::RefusedSignIns;

impl AccountLife for PostgresDirectory {
    async fn renew_hash(&self, account: AccountId, old: &str, new: &str) -> Result<(), Fault> {
        renew_hash::renew_hash(&self.pool, account, old, new).await
    }

    fn sign_in_refused(&self, account: AccountId, at: i64, place: &Place) {
        self.refused.count(account, at, place);
    }

    async fn schedule_deletion(
        &self,
        account: AccountId,
        now_ms: i64,
        erase_after: i64,
        by: Actor,
        place: &Place,
    ) -> Result<Option<Scheduled>, Fault> {
        schedule::schedule(&self.pool, account, (now_ms, erase_after), by, place).await
    }

    async fn cancel_deletion(&self, account: AccountId, now_ms: i64, place: &Place) -> Result<Cancelled, Fault> {
        cancel::cancel(&self.pool, account, now_ms, place).await
    }
}

impl PostgresDirectory {
    /// Writes what was noted of refused sign-ins into the log, again and again, until `stop`, and once more then.
    pub async fn log_refused_sign_ins(self, stop: CancellationToken) {
        self.refused.write_on(&self.pool, stop).await;
    }
}
