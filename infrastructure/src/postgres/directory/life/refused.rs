//! Wrong passwords, counted in memory and written from time to time: an attacker costs the database a statement for each
//! account and second at most, fills the log with an entry a minute, and learns nothing from a clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use application::fault::Fault;
use application::identity::{Act, Place};
use deadpool_postgres::Pool;
use domain::id::AccountId;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::fault;

const REFUSED: &str = include_str!("../../sql/directory/life/refused.sql");
/// How often it is written.
const WRITE_MS: u64 = 1_000;
/// Attempts of one account within this time are one entry.
const ENTRY_MS: i64 = 60_000;
/// Accounts and minutes that are held at once. What comes beyond is not counted; it is in the metrics all the same.
const HELD_MAX: usize = 10_000;

/// What was refused and is not written yet. Clones share it.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct RefusedSignIns {
    held: Arc<Mutex<HashMap<(AccountId, i64), Attempts>>>,
}

/// The attempts of a minute.
#[derive(Clone, Debug)]
struct Attempts {
    first_at: i64,
    network: Option<String>,
    count: i64,
}

impl RefusedSignIns {
    /// Counts one.
    pub(super) fn count(&self, account: AccountId, at: i64, place: &Place) {
        let key = (account, at.div_euclid(ENTRY_MS));
        let mut held = self.held();
        if held.len() >= HELD_MAX && !held.contains_key(&key) {
            return;
        }
        let first = || Attempts { first_at: at, network: place.network.clone(), count: 0 };
        held.entry(key).or_insert_with(first).count += 1;
    }

    /// Writes until `stop`, and what is left then.
    pub(super) async fn write_on(&self, pool: &Pool, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(Duration::from_millis(WRITE_MS));
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            self.write(pool).await;
        }
        self.write(pool).await;
    }

    async fn write(&self, pool: &Pool) {
        let taken = std::mem::take(&mut *self.held());
        for ((account, minute), attempts) in taken {
            if let Err(fault) = add(pool, account, minute, &attempts).await {
                tracing::warn!(account.id = %account, attempts = attempts.count, fault = %fault, "refused sign-ins could not be logged");
            }
        }
    }

    /// A lock whose holder panicked guards counts that are still counts.
    fn held(&self) -> MutexGuard<'_, HashMap<(AccountId, i64), Attempts>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn add(pool: &Pool, account: AccountId, minute: i64, attempts: &Attempts) -> Result<(), Fault> {
    let failed = |error| fault::of_statement("refused", &error);
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(REFUSED).await.map_err(failed)?;
    let (id, act) = (entry_id(account, minute), Act::SignInRefused.as_str());
    client
        .execute(&statement, &[&id, &account.0, &attempts.first_at, &act, &attempts.network, &attempts.count])
        .await
        .map(drop)
        .map_err(failed)
}

/// The id of the one entry of an account and a minute. Among the others it stands where the minute ends: it tells of all
/// of it, and whoever has read the log up to now finds it as news.
fn entry_id(account: AccountId, minute: i64) -> Uuid {
    let digest = Sha256::new().chain_update(account.0).chain_update(minute.to_be_bytes()).finalize();
    let mut tail = [0; 10];
    tail.iter_mut().zip(digest).for_each(|(byte, drawn)| *byte = drawn);
    let ms = u64::try_from(minute.saturating_add(1).saturating_mul(ENTRY_MS) - 1).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(ms, &tail).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::uuid_v7;

    #[test]
    fn attempts_of_a_minute_are_counted_together() {
        let (refused, account) = (RefusedSignIns::default(), AccountId(uuid_v7()));
        for at in [60_001, 60_002, 119_999, 120_000] {
            refused.count(account, at, &Place::default());
        }
        let held = refused.held();
        assert_eq!((held[&(account, 1)].count, held[&(account, 2)].count), (3, 1));
        assert_eq!(held[&(account, 1)].first_at, 60_001);
    }

    #[test]
    fn only_so_much_is_held() {
        let refused = RefusedSignIns::default();
        for _ in 0..HELD_MAX + 10 {
            refused.count(AccountId(uuid_v7()), 1, &Place::default());
        }
        assert_eq!(refused.held().len(), HELD_MAX);
    }

    #[test]
    fn every_node_gives_the_entry_of_a_minute_the_same_id() {
        let account = AccountId(uuid_v7());
        assert_eq!(entry_id(account, 7), entry_id(account, 7));
        assert_ne!(entry_id(account, 7), entry_id(AccountId(uuid_v7()), 7));
        assert!(entry_id(account, 7) < entry_id(account, 8));
    }
}
