//! Remembers failed sign-ins, so that the next attempts wait.
//!
//! Failures are counted by account and address together, by address, and by account. The account is the e-mail address
//! that was sent, whether there is such an account or not: unknown ones wait exactly alike. So that nobody locks an owner
//! out by failing in their name, a device that has signed in to the account before is counted by itself once one of the
//! three is waiting, and by nothing else.
//!
//! The memory is this node's alone, bounded, and forgets the longest unused first. Its keys are digests under a secret
//! that ends with the process: nobody's address can be read from it.

mod folded;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use application::fault::Fault;
use application::identity::KnownDevices;
use application::identity::sign_in_delay::{ACCOUNT, ADDRESS, Ladder, Strikes};
use domain::id::DeviceId;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use self::folded::folded;
use crate::clock;
use crate::subscriber::subscriber;

/// What is remembered at most; about a hundred bytes each.
const REMEMBERED_MAX: u64 = 200_000;
/// After so long without a failure nothing is left to remember.
const FORGOTTEN_S: u64 = 24 * 60 * 60;

/// Who tries to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Trying<'a> {
    /// The e-mail address that was sent, whatever it is.
    pub email: &'a str,
    /// The device that it says it is.
    pub device: Option<DeviceId>,
    /// From where.
    pub address: Option<IpAddr>,
}

/// Why an attempt does not begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// Too many have failed.
    Delayed {
        /// How long there is still to wait.
        wait_ms: u64,
    },
    /// Whether the device is known could not be found out.
    Fault(Fault),
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// The password was right.
    SignedIn,
    /// It was wrong, or there is no such account.
    Failed,
    /// Neither: the server could not find out.
    Undecided,
}

/// An attempt that has begun. Unless it is settled it has failed: hanging up early spares nobody a failure.
#[must_use]
#[derive(Debug)]
pub struct Attempt {
    counts: Vec<Count>,
}

/// One count, and how patient it is.
#[derive(Clone, Debug)]
struct Count {
    key: [u8; 32],
    ladder: Ladder,
    /// Whether a success ends the whole count, not only what this attempt added to it.
    ends: bool,
}

/// The failures that this node remembers. Clones share them.
#[derive(Clone)]
pub struct SignInDelays {
    /// Looking and counting are one step, for all counts of an attempt together.
    strikes: Arc<Mutex<Cache<[u8; 32], Strikes>>>,
    secret: [u8; 32],
    is_on: bool,
}

impl SignInDelays {
    /// Nobody has failed yet. `is_on: false`: nobody ever will.
    pub fn new(is_on: bool) -> Self {
        let strikes = Cache::builder()
            .max_capacity(REMEMBERED_MAX)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(Duration::from_secs(FORGOTTEN_S))
            .build();
        Self { strikes: Arc::new(Mutex::new(strikes)), secret: clock::random_bytes(), is_on }
    }

    /// Begins an attempt, before any password is hashed.
    ///
    /// # Errors
    /// Too many have failed, or the database could not be asked for the device.
    pub async fn begin<K: KnownDevices>(&self, devices: &K, trying: Trying<'_>) -> Result<Attempt, NotNow> {
        if !self.is_on {
            return Ok(Attempt { counts: Vec::new() });
        }
        match (self.count(self.shared_counts(&trying)), trying.device) {
            // Asked for whoever names a device, whether there is such an account or not.
            (Err(wait_ms), Some(device)) => match devices.knows_device(trying.email, device).await {
                Ok(true) => self.count(vec![self.own_count(&trying, device)]),
                Ok(false) => Err(wait_ms),
                Err(fault) => return Err(NotNow::Fault(fault)),
            },
            (counted, _) => counted,
        }
        .map_err(|wait_ms| NotNow::Delayed { wait_ms })
    }

    /// Says what became of an attempt.
    pub fn settle(&self, attempt: Attempt, became: Became) {
        if became == Became::Failed {
            return;
        }
        let strikes = self.strikes.lock().unwrap_or_else(PoisonError::into_inner);
        for count in attempt.counts {
            match strikes.get(&count.key) {
                Some(_) if count.ends && became == Became::SignedIn => strikes.invalidate(&count.key),
                Some(known) => match known.less_one() {
                    // Nothing to remember, and no place of somebody who failed to be taken.
                    left if left.is_none() => strikes.invalidate(&count.key),
                    left => strikes.insert(count.key, left),
                },
                None => {}
            }
        }
    }

    /// Adds one failure to each count, unless one of them has to wait: then to none.
    fn count(&self, counts: Vec<Count>) -> Result<Attempt, u64> {
        let now_ms = clock::now_ms();
        let strikes = self.strikes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = |count: &Count| strikes.get(&count.key).unwrap_or_default();
        let wait_ms = counts.iter().map(|count| known(count).wait_ms(&count.ladder, now_ms)).max().unwrap_or(0);
        if wait_ms > 0 {
            return Err(wait_ms.unsigned_abs());
        }
        for count in &counts {
            strikes.insert(count.key, known(count).and_one(&count.ladder, now_ms));
        }
        Ok(Attempt { counts })
    }

    fn shared_counts(&self, trying: &Trying<'_>) -> Vec<Count> {
        let email = folded(trying.email);
        let address = trying.address.map(|address| subscriber(address).to_string());
        let pair = [email.as_bytes(), address.as_deref().unwrap_or_default().as_bytes()];
        let mut counts = vec![
            Count { key: self.key("account and address", &pair), ladder: ACCOUNT, ends: true },
            Count { key: self.key("account", &[email.as_bytes()]), ladder: ACCOUNT, ends: false },
        ];
        if let Some(address) = address {
            counts.push(Count { key: self.key("address", &[address.as_bytes()]), ladder: ADDRESS, ends: false });
        }
        counts
    }

    fn own_count(&self, trying: &Trying<'_>, device: DeviceId) -> Count {
        let email = folded(trying.email);
        let key = self.key("account and device", &[email.as_bytes(), device.0.as_bytes()]);
        Count { key, ladder: ACCOUNT, ends: true }
    }

    fn key(&self, kind: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.secret);
        for part in std::iter::once(kind.as_bytes()).chain(parts.iter().copied()) {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        digest.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// The accounts in here know one device.
    struct One(DeviceId);

    impl KnownDevices for One {
        async fn knows_device(&self, email: &str, device: DeviceId) -> Result<bool, Fault> {
            Ok(email.to_lowercase().starts_with("known") && device == self.0)
        }
    }

    const DEVICE: DeviceId = DeviceId(Uuid::from_u128(7));
    const OTHER: DeviceId = DeviceId(Uuid::from_u128(8));

    fn from(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([203, 0, 113, last]))
    }

    async fn try_in(delays: &SignInDelays, email: &str, device: Option<DeviceId>, last: u8) -> Result<Attempt, NotNow> {
        delays.begin(&One(DEVICE), Trying { email, device, address: from(last) }).await
    }

    async fn fail(delays: &SignInDelays, email: &str, times: u8) {
        for last in 0..times {
            delays.settle(try_in(delays, email, None, last).await.unwrap(), Became::Failed);
        }
    }

    #[tokio::test]
    async fn an_unknown_address_waits_exactly_as_a_known_one() {
        let delays = SignInDelays::new(true);
        for email in ["known@example.test", "nobody@example.test"] {
            fail(&delays, email, 5).await;
            for device in [None, Some(OTHER)] {
                let refused = try_in(&delays, email, device, 99).await.unwrap_err();
                assert!(matches!(refused, NotNow::Delayed { wait_ms: 1..=1_000 }), "{refused:?}");
            }
        }
    }

    #[tokio::test]
    async fn an_owner_on_a_known_device_is_not_locked_out_by_strangers() {
        let delays = SignInDelays::new(true);
        fail(&delays, "known@example.test", 5).await;
        assert!(try_in(&delays, "KNOWN@example.test", Some(DEVICE), 99).await.is_ok());
        for _ in 0..4 {
            let attempt = try_in(&delays, "known@example.test", Some(DEVICE), 99).await.unwrap();
            delays.settle(attempt, Became::Failed);
        }
        assert!(try_in(&delays, "known@example.test", Some(DEVICE), 99).await.is_err(), "it has a count of its own");
        assert!(try_in(&delays, "other@example.test", Some(DEVICE), 99).await.is_ok());
    }

    #[tokio::test]
    async fn attempts_that_begin_together_count_from_their_beginning() {
        let delays = SignInDelays::new(true);
        let mut open = Vec::new();
        for _ in 0..5 {
            open.push(try_in(&delays, "a@example.test", None, 1).await.unwrap());
        }
        assert!(try_in(&delays, "a@example.test", None, 1).await.is_err());
        // The server could not find out: no failure.
        delays.settle(open.pop().unwrap(), Became::Undecided);
        assert!(try_in(&delays, "a@example.test", None, 1).await.is_ok());
    }

    #[tokio::test]
    async fn a_success_forgets_the_failures_of_account_and_address_and_no_others() {
        let delays = SignInDelays::new(true);
        for became in [Became::Failed, Became::Failed, Became::Failed, Became::SignedIn] {
            delays.settle(try_in(&delays, "a@example.test", None, 1).await.unwrap(), became);
        }
        for last in [2, 3] {
            delays.settle(try_in(&delays, "a@example.test", None, last).await.unwrap(), Became::Failed);
        }
        assert!(
            try_in(&delays, "a@example.test", None, 1).await.is_err(),
            "the account as a whole has failed five times"
        );
        let strikes = delays.strikes.lock().unwrap();
        let counts = delays.shared_counts(&Trying { email: "a@example.test", device: None, address: from(1) });
        assert_eq!(strikes.get(&counts[0].key), None);
    }

    #[tokio::test]
    async fn one_address_may_fail_often_but_not_for_ever() {
        let delays = SignInDelays::new(true);
        for number in 0..50 {
            let email = format!("{number}@example.test");
            delays.settle(try_in(&delays, &email, None, 1).await.unwrap(), Became::Failed);
        }
        assert!(try_in(&delays, "new@example.test", None, 1).await.is_err());
        assert!(try_in(&delays, "new@example.test", None, 2).await.is_ok());
    }

    #[tokio::test]
    async fn switched_off_it_holds_nobody() {
        let delays = SignInDelays::new(false);
        for _ in 0..20 {
            delays.settle(try_in(&delays, "a@example.test", None, 1).await.unwrap(), Became::Failed);
        }
    }
}
