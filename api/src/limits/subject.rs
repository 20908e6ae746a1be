//! Who is counted.

use std::net::IpAddr;

use domain::id::{AccountId, DeviceId};
use infrastructure::subscriber::subscriber;

/// Buckets that strangers share when there are too many of them to remember.
const SHARED_BUCKETS: u64 = 4_096;

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Those of one subscriber's address.
    Address(IpAddr),
    /// Those of one account.
    Account(AccountId),
    /// Those of one device of an account.
    Device(AccountId, DeviceId),
    /// Those of subjects that could not be remembered by themselves.
    Shared(u64),
}

impl Subject {
    /// Whoever comes from this address.
    pub fn at(address: IpAddr) -> Self {
        Self::Address(subscriber(address))
    }

    /// The bucket that a subject without one of its own shares with others; `hash` spreads them.
    pub(super) fn shared(hash: u64) -> Self {
        Self::Shared(hash % SHARED_BUCKETS)
    }

    /// The name in problems and metrics.
    pub const fn scope(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Account(_) => "account",
            Self::Device(..) => "device",
            Self::Shared(_) => "shared",
        }
    }
}
