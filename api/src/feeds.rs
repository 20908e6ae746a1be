//! The live feeds that are open, counted against their limits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::id::{AccountId, DeviceId};
use infrastructure::config::Limits;
use infrastructure::metric_names::LIVE_FEEDS;

use crate::problem::{Code, Problem};

/// How long a device with too many should wait.
const RETRY_MS: u64 = 5_000;

/// The live feeds that are open. Clones share the count.
#[derive(Clone, Debug)]
pub struct Feeds {
    /// Of one device, at most.
    device_max: usize,
    /// Of one account on this node, at most.
    account_max: usize,
    open: Arc<Mutex<HashMap<AccountId, HashMap<DeviceId, usize>>>>,
}

/// One open feed; dropping it closes it.
#[derive(Debug)]
pub struct OpenFeed {
    feeds: Feeds,
    account: AccountId,
    device: DeviceId,
    kind: &'static str,
}

impl Feeds {
    /// None are open yet, and there may be as many as the operator chose.
    pub fn new(chosen: &Limits) -> Self {
        Self { device_max: chosen.device_feeds, account_max: chosen.account_feeds, open: Arc::default() }
    }

    /// Opens a feed of this kind (`stream`, `events`, `poll`).
    ///
    /// # Errors
    /// `feeds_too_many`, for the device or the account.
    pub fn open(&self, account: AccountId, device: DeviceId, kind: &'static str) -> Result<OpenFeed, Problem> {
        let mut open = self.lock();
        let devices = open.entry(account).or_default();
        let of_account: usize = devices.values().sum();
        let of_device = devices.entry(device).or_default();
        for (count, max, whose) in [(*of_device, self.device_max, "device"), (of_account, self.account_max, "account")]
        {
            if count >= max {
                let problem =
                    Problem::new(Code::FeedsTooMany).detail(format!("This {whose} has {max} live feeds open."));
                return Err(problem.with("max", max).retry_after_ms(RETRY_MS));
            }
        }
        *of_device += 1;
        metrics::gauge!(LIVE_FEEDS, "kind" => kind).increment(1.0);
        Ok(OpenFeed { feeds: self.clone(), account, device, kind })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, HashMap<DeviceId, usize>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenFeed {
    fn drop(&mut self) {
        metrics::gauge!(LIVE_FEEDS, "kind" => self.kind).decrement(1.0);
        let mut open = self.feeds.lock();
        let Some(devices) = open.get_mut(&self.account) else { return };
        if let Some(count) = devices.get_mut(&self.device) {
            *count -= 1;
        }
        devices.retain(|_, count| *count > 0);
        if devices.is_empty() {
            open.remove(&self.account);
        }
    }
}
