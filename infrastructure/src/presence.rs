//! Which devices are active, in memory: noted with every request, written down by a task of its own in batches, each device
//! at most once a minute. So "last seen" is true although no request writes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deadpool_postgres::Pool;
use domain::id::{AccountId, DeviceId};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::postgres::directory::touch;

/// How often a device is written down at most.
const WRITTEN_MS: i64 = 60_000;
/// How often it is looked whether any is due.
const ROUND_MS: u64 = 2_000;
/// Devices that are kept in mind at once. Past it a device is noted once others have been quiet for a minute; it is only a
/// date.
const DEVICES_MAX: usize = 200_000;
/// Devices that one statement writes.
const BATCH_DEVICES: usize = 1_000;

/// The active devices of this node. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Presence {
    devices: Arc<Mutex<HashMap<(AccountId, DeviceId), Noted>>>,
}

#[derive(Debug, Default)]
struct Noted {
    /// When it was last active.
    at: i64,
    /// What the app on it said it is since it was last written down.
    app_version: Option<String>,
    /// Whether something is not written down yet.
    is_due: bool,
    /// When it was last written down; 0: never.
    written_at: i64,
}

/// A device that was active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Active {
    pub(crate) account: AccountId,
    pub(crate) device: DeviceId,
    /// When, ms.
    pub(crate) at: i64,
    /// What the app on it said it is, if it said so.
    pub(crate) app_version: Option<String>,
}

impl Presence {
    /// A device is active now.
    pub fn seen(&self, account: AccountId, device: DeviceId, app_version: Option<&str>, now_ms: i64) {
        let mut devices = self.lock();
        if devices.len() >= DEVICES_MAX && !devices.contains_key(&(account, device)) {
            return;
        }
        let noted = devices.entry((account, device)).or_default();
        noted.at = now_ms;
        noted.is_due = true;
        if app_version.is_some() && noted.app_version.as_deref() != app_version {
            noted.app_version = app_version.map(str::to_owned);
        }
    }

    /// Writes down what is due, again and again, until `stop`; then once more.
    pub async fn follow(self, pool: Pool, stop: CancellationToken) {
        let mut ticks = interval(Duration::from_millis(ROUND_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            self.write(&pool).await;
        }
        self.write(&pool).await;
    }

    async fn write(&self, pool: &Pool) {
        for batch in self.due(clock::now_ms()).chunks(BATCH_DEVICES) {
            if let Err(fault) = touch::touch(pool, batch).await {
                tracing::debug!(fault = %fault, devices = batch.len(), "active devices could not be written down; later");
                self.again(batch);
            }
        }
    }

    /// What is to be written down now. Those that have been quiet since are forgotten.
    fn due(&self, now_ms: i64) -> Vec<Active> {
        let mut due = Vec::new();
        self.lock().retain(|(account, device), noted| {
            let is_fresh = now_ms - noted.written_at < WRITTEN_MS;
            if noted.is_due && !is_fresh {
                let app_version = noted.app_version.take();
                due.push(Active { account: *account, device: *device, at: noted.at, app_version });
                noted.is_due = false;
                noted.written_at = now_ms;
                return true;
            }
            noted.is_due || is_fresh
        });
        due
    }

    fn again(&self, failed: &[Active]) {
        let mut devices = self.lock();
        for one in failed {
            if let Some(noted) = devices.get_mut(&(one.account, one.device)) {
                noted.is_due = true;
                noted.written_at = 0;
                noted.app_version = noted.app_version.take().or_else(|| one.app_version.clone());
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(AccountId, DeviceId), Noted>> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_000_000;

    fn ids() -> (AccountId, DeviceId) {
        (AccountId(clock::uuid_v7()), DeviceId(clock::uuid_v7()))
    }

    #[test]
    fn a_device_is_written_down_at_once_and_then_once_a_minute_with_its_last_moment() {
        let (presence, (account, device)) = (Presence::default(), ids());
        let seen = |at, version| presence.seen(account, device, version, at);
        let active =
            |at, version: Option<&str>| vec![Active { account, device, at, app_version: version.map(str::to_owned) }];
        seen(START, None);
        assert_eq!(presence.due(START), active(START, None));
        for later in [1, 20_000, 59_000] {
            seen(START + later, Some("ios/2"));
            assert_eq!(presence.due(START + later), []);
        }
        assert_eq!(presence.due(START + 60_000), active(START + 59_000, Some("ios/2")));
        assert_eq!(presence.due(START + 60_001), []);
    }

    #[test]
    fn a_device_that_is_quiet_for_a_minute_is_forgotten() {
        let (presence, (account, device)) = (Presence::default(), ids());
        presence.seen(account, device, None, START);
        assert_eq!(presence.due(START).len(), 1);
        assert_eq!(presence.due(START + 59_999), []);
        assert_eq!(presence.lock().len(), 1);
        assert_eq!(presence.due(START + 60_000), []);
        assert!(presence.lock().is_empty());
    }

    #[test]
    fn what_could_not_be_written_down_is_due_again() {
        let (presence, (account, device)) = (Presence::default(), ids());
        presence.seen(account, device, Some("ios/2"), START);
        let due = presence.due(START);
        presence.again(&due);
        assert_eq!(presence.due(START + 1), due);
    }

    #[test]
    fn one_device_id_of_two_accounts_is_two_devices() {
        let (presence, (account, device), (other, _)) = (Presence::default(), ids(), ids());
        presence.seen(account, device, None, START);
        presence.seen(other, device, None, START);
        assert_eq!(presence.due(START).len(), 2);
    }
}
